import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BillingAccountEntity } from '../subscriptions/billing-account.entity.js';

/** A Stripe checkout session, offered again only while it is open and the request is the same. */
@Entity('checkout_session', { schema: 'billing' })
export class CheckoutSessionEntity {
  @PrimaryColumn('text') id: string;

  @ForeignKey(() => BillingAccountEntity, { name: 'checkout_session_belongs_to_an_account' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'customer_id' }) customerId: string;
  @Column('text', { name: 'price_id' }) priceId: string;
  @Column('text') url: string;

  @Column('text', {
    name: 'request_digest',
    comment: 'SHA-256 of the request to Stripe: customer, price and addresses',
  })
  requestDigest: string;

  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt: Date | null;

  @Column('timestamptz', {
    name: 'closed_at',
    nullable: true,
    comment: 'Stripe reported that this session was not paid and can no longer be paid',
  })
  closedAt: Date | null;
}
