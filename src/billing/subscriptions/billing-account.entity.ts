import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Tier } from './tier.js';

/** The tier of a user, derived from Stripe's events so far. */
@Entity('account', { schema: 'billing' })
export class BillingAccountEntity {
  @ForeignKey('UserEntity', { name: 'billing_account_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { default: 'free' }) tier: Tier;
  @Column('timestamptz', { name: 'tier_expires_at', nullable: true }) tierExpiresAt: Date | null;
  @Column('timestamptz', { name: 'paid_through', nullable: true }) paidThrough: Date | null;

  @Column('timestamptz', {
    name: 'first_paid_at',
    nullable: true,
    comment: 'set by the first qualifying payment, whichever of them arrived first',
  })
  firstPaidAt: Date | null;

  @Column('boolean', {
    name: 'recheck_each_payment',
    default: false,
    comment: 'the terms of the referral do not accept every payment: each one is checked',
  })
  recheckEachPayment: boolean;

  @Column('integer', {
    name: 'stripe_failure_count',
    default: 0,
    comment: 'part of the next idempotency key, since Stripe repeats a failure for a day under the same key',
  })
  stripeFailureCount: number;

  @Column('bigint', { default: 0 }) revision: string;
}
