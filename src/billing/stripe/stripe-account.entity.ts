import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The account at Stripe, and its mode, that all customers, subscriptions and payments belong to.
 */
@Entity('stripe_account', {
  schema: 'billing',
  comment:
    'recorded at the first start with a key; a key of another account or mode is refused until accepted',
})
export class StripeAccountEntity {
  @PrimaryColumn('boolean', { default: true }) singleton: boolean;
  @Column('text', { name: 'account_id' }) accountId: string;
  @Column('boolean') livemode: boolean;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}
