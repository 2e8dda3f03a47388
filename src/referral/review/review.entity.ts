import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ReferralEntity } from '../attribution/referral.entity.js';
import type { Review } from '../conversions/conversion.js';

/** What the fraud rules and staff decide about a referral; staff win. No row: nothing found. */
@Entity('review', { schema: 'referral' })
export class ReviewEntity {
  @ForeignKey(() => ReferralEntity, { name: 'review_belongs_to_a_referral' })
  @PrimaryColumn('uuid', { name: 'referral_id' })
  referralId: string;

  @Column('text') outcome: Review['outcome'];
  @Column('text', { nullable: true }) decision: Review['decision'];
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt: Date | null;
  @Column('uuid', { name: 'decided_by', nullable: true }) decidedBy: string | null;
}
