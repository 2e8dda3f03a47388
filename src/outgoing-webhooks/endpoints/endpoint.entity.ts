import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventType } from '../events/event-types.js';

/**
 * Why nothing is sent: by request (`manual`), its server said that it is gone (410), or it failed
 * for three days.
 */
export type DisabledReason = 'manual' | 'gone' | 'failing';

/** Where events are sent. */
@Entity('endpoint', { schema: 'webhooks' })
export class EndpointEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') url: string;
  @Column('text', { name: 'event_types', array: true, nullable: true, comment: 'null: all' })
  eventTypes: EventType[] | null;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text', { comment: 'sealed' }) secret: string;
  @Column('text', {
    name: 'previous_secret',
    nullable: true,
    comment: 'sealed; signs beside the new one until its end',
  })
  previousSecret: string | null;
  @Column('timestamptz', { name: 'previous_secret_until', nullable: true }) previousSecretUntil: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', {
    name: 'failing_since',
    nullable: true,
    comment: 'the first failure after the last success',
  })
  failingSince: Date | null;
  @Column('timestamptz', {
    name: 'paused_until',
    nullable: true,
    comment: 'as its server asked with Retry-After',
  })
  pausedUntil: Date | null;
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt: Date | null;
  @Column('text', { name: 'disabled_reason', nullable: true }) disabledReason: DisabledReason | null;
  @Column('timestamptz', {
    name: 'deleted_at',
    nullable: true,
    comment: 'the row goes once its deliveries are deleted',
  })
  deletedAt: Date | null;
}
