import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { PendingEvents } from './outbox.js';

/** Events of a committed transaction whose handlers are not jobs yet. */
@Entity('outbox', { schema: 'platform' })
export class OutboxRowEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('timestamptz', {
    name: 'published_at',
    default: () => 'now()',
    comment: 'by the clock of the database, as in the job queue',
  })
  publishedAt: Date;
  @Column('jsonb', { comment: 'the events, and the request and trace that they belong to' })
  pending: PendingEvents;
}
