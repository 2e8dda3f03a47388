import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ReferralEntity } from '../attribution/referral.entity.js';
import type { ScheduledDecision } from './scheduled-decisions.repository.js';

/**
 * A decision about a referral that can still be undone. The row goes once the decision takes
 * effect.
 */
@Entity('scheduled_decision', { schema: 'referral' })
export class ScheduledDecisionEntity {
  @ForeignKey(() => ReferralEntity, { name: 'scheduled_decision_is_about_a_referral' })
  @PrimaryColumn('uuid', { name: 'referral_id' })
  referralId: string;

  @Column('text') decision: ScheduledDecision['decision'];
  @Column('uuid', { name: 'decided_by' }) decidedBy: string;
  @Column('uuid', { name: 'note_id' }) noteId: string;
  @Column('timestamptz', { name: 'decided_at' }) decidedAt: Date;
  @Column('timestamptz', { name: 'takes_effect_at' }) takesEffectAt: Date;
}
