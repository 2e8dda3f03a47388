import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BillingAccountEntity } from './billing-account.entity.js';

/** A subscription as Stripe last reported it. */
@Entity('subscription', { schema: 'billing' })
export class SubscriptionEntity {
  @PrimaryColumn('text', { comment: 'of a paid period without a subscription: the id of its payment' })
  id: string;

  @ForeignKey(() => BillingAccountEntity, { name: 'subscription_belongs_to_an_account' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'customer_id' }) customerId: string;
  @Column('text') status: string;
  @Column('text', { name: 'price_id', nullable: true }) priceId: string | null;

  @Column('boolean', {
    name: 'grants_paid_tier',
    comment: 'one of its prices is a price that grants the paid tier',
  })
  grantsPaidTier: boolean;

  @Column('timestamptz', { name: 'current_period_start', nullable: true }) currentPeriodStart: Date | null;
  @Column('timestamptz', { name: 'current_period_end', nullable: true }) currentPeriodEnd: Date | null;

  @Column('boolean', {
    name: 'cancel_at_period_end',
    default: false,
    comment: 'the present period is the last one: nothing is charged again',
  })
  cancelAtPeriodEnd: boolean;

  @Column('timestamptz', {
    name: 'cancel_at',
    nullable: true,
    comment: 'when it is planned to end; it is charged until then',
  })
  cancelAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;

  @Column('timestamptz', {
    name: 'paid_until',
    nullable: true,
    comment: 'end of the latest period that a qualifying payment covers',
  })
  paidUntil: Date | null;

  @Column('timestamptz', {
    name: 'deferred_until',
    nullable: true,
    comment: 'credit deferred the next charge to this time: until then trialing counts as paid',
  })
  deferredUntil: Date | null;

  @Column('boolean', {
    name: 'collection_voided',
    default: false,
    comment: 'its invoices are voided or written off for now, so no further period is paid for',
  })
  collectionVoided: boolean;

  @Column('timestamptz', {
    name: 'past_due_since',
    nullable: true,
    comment: 'when it became past due, from the two columns below',
  })
  pastDueSince: Date | null;

  @Column('timestamptz', {
    name: 'past_due_reported_at',
    array: true,
    default: '{}',
    comment: 'times of the events that report it past due, from other_status_reported_at on',
  })
  pastDueReportedAt: Date[];

  @Column('timestamptz', {
    name: 'other_status_reported_at',
    nullable: true,
    comment: 'the latest time at which Stripe reported any other status',
  })
  otherStatusReportedAt: Date | null;

  @Column('timestamptz', {
    name: 'snapshot_at',
    nullable: true,
    comment: 'event time of the newest snapshot; null while it is known from payments only',
  })
  snapshotAt: Date | null;

  @Column('integer', { default: 0 }) revision: number;
}
