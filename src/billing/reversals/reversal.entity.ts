import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReversalKind } from './reversal.js';

/** A refund, dispute, credit note or fraud warning, as Stripe last reported it. */
@Entity('reversal', { schema: 'billing' })
export class ReversalEntity {
  @PrimaryColumn('text') id: string;
  @Column('text') kind: ReversalKind;
  @Column('text', { name: 'payment_intent_id', nullable: true }) paymentIntentId: string | null;
  @Column('text', { name: 'charge_id', nullable: true }) chargeId: string | null;
  @Column('text', { name: 'invoice_id', nullable: true }) invoiceId: string | null;

  @Column('bigint', {
    comment: 'smallest unit of the currency; of a credit note, what was not also refunded',
  })
  amount: string;

  @Column('text', { comment: 'Stripe’s own value' }) status: string;
  @Column('timestamptz', { name: 'snapshot_at' }) snapshotAt: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}
