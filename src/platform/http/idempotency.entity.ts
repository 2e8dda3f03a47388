import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The first response to an Idempotency-Key, stored in the transaction of the request's work. */
@Entity('idempotency', { schema: 'platform' })
export class IdempotencyEntity {
  @PrimaryColumn('uuid', { name: 'caller_id' }) callerId: string;
  @PrimaryColumn('text') route: string;
  @PrimaryColumn('text') key: string;
  @Column('bytea', { name: 'body_hash' }) bodyHash: Buffer;
  @Column('integer') status: number;
  @Column('jsonb') answer: unknown;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
