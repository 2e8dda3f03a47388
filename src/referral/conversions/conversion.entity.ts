import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { ReferralEntity } from '../attribution/referral.entity.js';

/**
 * A referral that met its qualifying payment: once per referral, referred user and invoice. It is
 * append-only.
 */
@Entity('conversion', { schema: 'referral' })
@Unique('conversion_once_per_referral', ['referralId'])
@Unique('conversion_once_per_referred', ['referredId'])
@Unique('conversion_once_per_invoice', ['invoiceId'])
export class ConversionEntity {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey(() => ReferralEntity, { name: 'conversion_belongs_to_a_referral' })
  @Column('uuid', { name: 'referral_id' })
  referralId: string;

  @Column('uuid', { name: 'referred_id' }) referredId: string;
  @Column('text', { name: 'invoice_id' }) invoiceId: string;
  @Column('timestamptz', { name: 'converted_at' }) convertedAt: Date;
}
