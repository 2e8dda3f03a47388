import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BillingAccountEntity } from '../subscriptions/billing-account.entity.js';

/**
 * A customer at Stripe. One that was deleted there stays: later events about it must find its user.
 */
@Entity('customer', { schema: 'billing' })
export class CustomerEntity {
  @PrimaryColumn('text') id: string;

  @ForeignKey(() => BillingAccountEntity, { name: 'customer_belongs_to_an_account' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('boolean', {
    name: 'used_for_checkout',
    comment: 'created by Twofold for a checkout; the others became known from events',
  })
  usedForCheckout: boolean;

  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt: Date | null;
}
