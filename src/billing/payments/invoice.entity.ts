import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BillingAccountEntity } from '../subscriptions/billing-account.entity.js';

/** A qualifying payment. */
@Entity('invoice', { schema: 'billing' })
export class InvoiceEntity {
  @PrimaryColumn('text', { comment: 'Stripe’s, or provider:payment:id' }) id: string;

  @ForeignKey(() => BillingAccountEntity, { name: 'invoice_belongs_to_an_account' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', {
    name: 'customer_id',
    comment: 'where no customer was reported: empty, or account: and the id of the account',
  })
  customerId: string;

  @Column('text', { name: 'subscription_id', comment: 'empty: the payment is for no subscription' })
  subscriptionId: string;

  @Column('bigint', { name: 'amount_paid' }) amountPaid: string;
  @Column('text') currency: string;
  @Column('text', { name: 'price_ids', array: true, default: '{}' }) priceIds: string[];
  @Column('timestamptz', { name: 'paid_at' }) paidAt: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;

  @Column('timestamptz', {
    name: 'period_start',
    nullable: true,
    comment: 'null with period_end: the period has no length',
  })
  periodStart: Date | null;

  @Column('timestamptz', { name: 'period_end', nullable: true }) periodEnd: Date | null;
}
