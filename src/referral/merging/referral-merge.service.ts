import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { ReferralsRepository } from '../attribution/referrals.repository.js';
import { ReferralCodesRepository } from '../codes/referral-codes.repository.js';
import { ConversionsRepository } from '../conversions/conversions.repository.js';
import { ReviewsRepository, type ReviewRow } from '../review/reviews.repository.js';
import { Milestones } from '../limits/milestones.js';
import type { ReferralMergePlan, AccountReferralState } from './referral-merge-plan.js';

/** What was done to invitations, with the reviews as they were: all that taking it back needs. */
export interface ReferralMergeRecord {
  transferredReferralId: string | null;
  closedReferrals: { id: string; review: ReviewRow | null }[];
}

/**
 * The invitations that two accounts of one person came with. Whom either of them invited stays as
 * it is: it is the person's through both accounts. The referral rows are locked by
 * {@link lockReferrals}.
 */
@Injectable()
export class ReferralMergeService {
  constructor(
    private readonly referrals: ReferralsRepository,
    private readonly codes: ReferralCodesRepository,
    private readonly reviews: ReviewsRepository,
    private readonly conversions: ConversionsRepository,
    private readonly milestones: Milestones,
  ) {}

  /** Locks the invitations that these accounts came with. A statement of its own. */
  async lockReferrals(tx: Tx, userIds: readonly string[]): Promise<void> {
    await this.referrals.lockOfReferred(tx, userIds);
  }

  /** What referral knows of an account, with those that were merged into it. */
  async loadAccountState(db: Queryable, userId: string): Promise<AccountReferralState> {
    return {
      ownReferral: await this.referrals.findOwn(db, userId),
      invitedCount: await this.referrals.countInvited(db, userId),
      codes: await this.codes.findByPerson(db, userId),
    };
  }

  /** Carries one invitation over to `intoId` and closes others, which are shown as rejected. */
  async apply(
    tx: Tx,
    intoId: string,
    {
      transferredReferralId,
      closedReferralIds,
    }: Pick<ReferralMergePlan, 'transferredReferralId' | 'closedReferralIds'>,
    actor: Actor,
  ): Promise<ReferralMergeRecord> {
    const reviews = await this.reviews.findByReferrals(tx, closedReferralIds);
    await this.referrals.moveTo(tx, transferredReferralId, intoId);
    const at = await this.referrals.close(tx, closedReferralIds);
    await this.reviews.rejectAll(tx, closedReferralIds, { by: actor.id ?? null, at });
    const reviewOf = (id: string) => reviews.find((review) => review.referral_id === id) ?? null;
    return {
      transferredReferralId,
      closedReferrals: closedReferralIds.map((id) => ({ id, review: reviewOf(id) })),
    };
  }

  /**
   * Brings the milestones of people in step whose accounts became one, or two again. Their credit
   * accounts are locked.
   */
  async recalculateMilestones(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const personId of userIds) await this.milestones.recalculate(tx, personId);
  }

  /**
   * Whether something came of the merge that cannot be taken apart: what was carried over, or one
   * of `invoiceIds`, made a referral of `intoId` count.
   */
  hasConverted(
    db: Queryable,
    intoId: string,
    { carried, invoiceIds }: { carried: string | null; invoiceIds: readonly string[] },
  ): Promise<boolean> {
    return this.conversions.hasConverted(db, carried, intoId, invoiceIds);
  }

  /** Takes {@link apply} back. A review that a person changed since stays as they left it. */
  async undo(
    tx: Tx,
    fromId: string,
    { transferredReferralId, closedReferrals }: ReferralMergeRecord,
  ): Promise<void> {
    await this.referrals.moveTo(tx, transferredReferralId, fromId);
    await this.referrals.reopen(
      tx,
      closedReferrals.map(({ id }) => id),
    );
    for (const { id, review } of closedReferrals) await this.reviews.restore(tx, id, review);
  }
}
