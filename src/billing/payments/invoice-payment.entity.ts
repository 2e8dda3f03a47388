import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which payment paid which invoice: refunds and disputes name only the payment. */
@Entity('invoice_payment', { schema: 'billing' })
export class InvoicePaymentEntity {
  @PrimaryColumn('text', { comment: 'a payment intent, or the charge where there is no intent' }) id: string;

  @Column('text', {
    name: 'invoice_id',
    nullable: true,
    comment: 'null: Stripe reports that it paid no invoice',
  })
  invoiceId: string | null;

  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}
