import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ConversionEntity } from './conversion.entity.js';
import type { Hold, RewardState, RiskFlag, StatusReason } from './reward-status.js';

/**
 * Whether the reward of a conversion is granted, recomputed from the first payment and its
 * reversals.
 */
@Entity('reward_status', { schema: 'referral' })
export class RewardStatusEntity {
  @ForeignKey(() => ConversionEntity, { name: 'reward_status_belongs_to_a_conversion' })
  @PrimaryColumn('uuid', { name: 'conversion_id' })
  conversionId: string;

  @Column('text') state: RewardState;
  @Column('text', { array: true, default: '{}' }) reasons: StatusReason[];
  @Column('text', { array: true, default: '{}' }) flags: RiskFlag[];
  @Column('text', { array: true, default: '{}' }) holds: Hold[];

  @Column('timestamptz', {
    name: 'release_at',
    nullable: true,
    comment: 'when the refund window closes; null: the terms had none',
  })
  releaseAt: Date | null;

  @Column('boolean', {
    default: false,
    comment: 'the referrer had reached the cap: only the referred is rewarded',
  })
  capped: boolean;

  @Column('text', { name: 'invoice_id', comment: 'the first payment that the state follows' })
  invoiceId: string;

  @Column('timestamptz', {
    name: 'credited_at',
    nullable: true,
    comment: 'when both sides were first credited; null: never so far',
  })
  creditedAt: Date | null;

  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;

  @Column('timestamptz', {
    name: 'card_check_due_at',
    nullable: true,
    default: '-infinity',
    comment: 'when to fetch from Stripe which cards both sides paid with; null: done',
  })
  cardCheckDueAt: Date | number | null;
}
