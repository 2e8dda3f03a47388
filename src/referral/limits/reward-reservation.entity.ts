import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ConversionEntity } from '../conversions/conversion.entity.js';
import { TermsEntity } from '../terms/terms.entity.js';

/** What a conversion uses of a cap and a budget. There is no row where the terms have neither. */
@Entity('reward_reservation', { schema: 'referral' })
export class RewardReservationEntity {
  @ForeignKey(() => ConversionEntity, { name: 'reward_reservation_belongs_to_a_conversion' })
  @PrimaryColumn('uuid', { name: 'conversion_id' })
  conversionId: string;

  @Column('uuid', { name: 'referrer_id', nullable: true }) referrerId: string | null;

  @ForeignKey(() => TermsEntity, { name: 'reward_reservation_has_terms' })
  @Column('integer', { name: 'terms_version' })
  termsVersion: number;

  @Column('boolean', { name: 'uses_cap', comment: 'counts towards the referrer’s cap now' }) usesCap: boolean;

  @Column('bigint', {
    name: 'reserved_ms',
    comment: 'what it uses of the budget now; after a reversal, what was used up',
  })
  reservedMs: string;

  @Column('timestamptz', { name: 'reserved_at' }) reservedAt: Date;
}
