import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The possible statuses of an event. */
export const inboxStatuses = ['accepted', 'applied', 'ignored', 'parked', 'failed', 'dead'] as const;
/** One of {@link inboxStatuses}. */
export type InboxStatus = (typeof inboxStatuses)[number];

/** A Stripe event as received, and its status. */
@Entity('inbox', { schema: 'billing' })
export class InboxEventEntity {
  @PrimaryColumn('text', { name: 'event_id' }) eventId: string;
  @Column('text') type: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'received_at' }) receivedAt: Date;
  @Column('text') status: InboxStatus;
  @Column('text', { nullable: true }) detail: string | null;
  @Column('text', { name: 'waiting_key', nullable: true }) waitingKey: string | null;
  @Column('integer', { default: 0 }) failures: number;

  @Column('timestamptz', {
    name: 'last_tried_at',
    nullable: true,
    comment: 'the last retry since it was parked or failed',
  })
  lastTriedAt: Date | null;

  @Column('integer', { default: 0, comment: 'retries for the present reason' }) retries: number;

  @Column('timestamptz', { name: 'next_retry_at', nullable: true, comment: 'null: at once' })
  nextRetryAt: Date | null;

  @Column('boolean', {
    name: 'needs_refetch',
    default: false,
    comment: 'its payload cannot be used as it is: its object is fetched from Stripe',
  })
  needsRefetch: boolean;

  @Column('bytea') digest: Buffer;

  @Column('json', {
    nullable: true,
    comment: 'json, not jsonb: the exact text, since its digest identifies the content; null once processed',
  })
  payload: unknown;
}
