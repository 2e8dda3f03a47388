import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BillingAccountEntity } from '../subscriptions/billing-account.entity.js';

/**
 * The state of a deferral. `planned`: to be checked; `requested`: Stripe is asked to move the
 * charge to `targetAt`; `confirmed`: Stripe did it; `reverting`, `reverted`: the charge is being
 * moved, or was moved, to an earlier date; `fallback`: the days wait behind the paid period
 * instead; `cancelled`: no days were left to defer a charge.
 */
export type DeferralState =
  'planned' | 'requested' | 'confirmed' | 'reverting' | 'reverted' | 'fallback' | 'cancelled';

/** A charge that is deferred by the days of one credit entry. */
@Entity('deferral', { schema: 'billing' })
export class DeferralEntity {
  @PrimaryColumn('uuid', { name: 'entry_id', comment: 'the credit entry whose days defer the charge' })
  entryId: string;

  @ForeignKey(() => BillingAccountEntity, { name: 'deferral_belongs_to_an_account' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text', { name: 'subscription_id', nullable: true }) subscriptionId: string | null;
  @Column('text') state: DeferralState;
  @Column('text', { nullable: true }) detail: string | null;
  @Column('integer', { default: 0 }) attempt: number;
  @Column('timestamptz', { name: 'previous_end_at', nullable: true }) previousEndAt: Date | null;
  @Column('timestamptz', { name: 'target_at', nullable: true }) targetAt: Date | null;
  @Column('timestamptz', { name: 'revert_to', nullable: true }) revertTo: Date | null;

  @Column('uuid', {
    name: 'deferral_entry_id',
    nullable: true,
    comment: 'the credit entry that took those days',
  })
  deferralEntryId: string | null;

  @Column('timestamptz', { name: 'planned_at' }) plannedAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}
