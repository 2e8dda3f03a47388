import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { InvoiceEntity } from './invoice.entity.js';

/** Money that became credit instead of a refund. */
@Entity('refund_as_credit', { schema: 'billing' })
export class RefundAsCreditEntity {
  @PrimaryColumn('uuid', { name: 'entry_id', comment: 'the credit entry' }) entryId: string;

  @ForeignKey(() => InvoiceEntity, { name: 'refund_as_credit_is_of_an_invoice' })
  @Column('text', { name: 'invoice_id' })
  invoiceId: string;

  @Column('bigint', { comment: 'smallest unit of the invoice’s currency' }) amount: string;
  @Column('timestamptz', { name: 'granted_at' }) grantedAt: Date;
}
