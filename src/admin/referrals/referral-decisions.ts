import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { ReviewService, RewardStatusService, ScheduledReviews } from '../../referral/index.js';
import type { ReferralDto } from './referral.dto.js';
import { AdminReferralsRepository } from './admin-referrals.repository.js';

/**
 * What an admin may do about a referral: decide a review or take the decision back, reverse a
 * conversion or lift that.
 */
export const referralActions = ['approve', 'reject', 'reopen', 'reverse', 'restore'] as const;
/** One of {@link referralActions}. */
export type ReferralAction = (typeof referralActions)[number];

/** The deed that a request asks for: the end of its path. */
export function actionOf({ routeOptions }: FastifyRequest): ReferralAction {
  const named = referralActions.find((deed) => routeOptions.url?.endsWith(`/${deed}`));
  if (named === undefined) throw new Error(`${routeOptions.url} names no action`);
  return named;
}

/**
 * What an admin decides about a referral. `restore` lifts a reversal manually, and no other reason.
 */
export interface ReferralDecision {
  referralId: string;
  action: ReferralAction;
  reason: string;
}

/** The referral after a decision; `isChanged` is false where it was decided like that before. */
export interface DecidedReferral {
  referral: ReferralDto;
  isChanged: boolean;
}

/** What staff may decide about a referral that waits for them. */
export const reviewDecisions = { approve: 'approved', reject: 'rejected' } as const;
const decisions = { ...reviewDecisions, reopen: null } as const;

/** Referrals that staff reviewed, reversed, and let be again. */
@Injectable()
export class ReferralDecisions {
  constructor(
    private readonly rewardStatus: RewardStatusService,
    private readonly reviewService: ReviewService,
    private readonly scheduledReviews: ScheduledReviews,
    private readonly queries: AdminReferralsRepository,
    private readonly auditLog: AuditLog,
  ) {}

  /**
   * Decides at once, and answers the referral's new status. Idempotent: nothing is written.
   * Errors: `request.not_found`; `referral.decided`; `referral.not_converted` for a reversal before
   * the first payment.
   */
  async decide(
    tx: Tx,
    actor: Actor,
    { referralId, action, reason }: ReferralDecision,
  ): Promise<DecidedReferral> {
    const before = await this.findReferral(tx, referralId);
    if (isAlreadyDone(before, action)) return { referral: before, isChanged: false };
    const noteId = await this.auditLog.addNote(tx, reason, before.referred.userId);
    const isChanged = await this.apply(tx, { referralId, action, actor, noteId });
    return { referral: await this.findReferral(tx, referralId), isChanged };
  }

  private async apply(
    tx: Tx,
    { referralId, action, ...by }: Omit<ReferralDecision, 'reason'> & { actor: Actor; noteId: string },
  ): Promise<boolean> {
    if (action !== 'reverse' && action !== 'restore')
      return this.reviewService.decide(tx, referralId, { decision: decisions[action], ...by });
    await this.rewardStatus.setManualReversal(tx, referralId, { reverse: action === 'reverse', ...by });
    return true;
  }

  /**
   * Approves or rejects a referral some minutes later: until then it can be undone. Errors:
   * `request.not_found`; `referral.decided`.
   */
  async schedule(
    tx: Tx,
    by: Principal,
    { referralId, action, reason }: ReferralDecision & { action: keyof typeof reviewDecisions },
  ): Promise<void> {
    const { referred } = await this.findReferral(tx, referralId);
    const noteId = await this.auditLog.addNote(tx, reason, referred.userId);
    const decision = reviewDecisions[action];
    await this.scheduledReviews.schedule(tx, referralId, { decision, decidedBy: by.userId, noteId });
  }

  /** Takes {@link schedule} back. Errors: `request.not_found`; `referral.undo_too_late`. */
  undo(tx: Tx, by: Principal, referralId: string): Promise<void> {
    return this.scheduledReviews.undo(tx, referralId, adminActor(by));
  }

  private async findReferral(tx: Tx, referralId: string): Promise<ReferralDto> {
    const row = await this.queries.find(tx, referralId);
    if (row === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    return row;
  }
}

function isAlreadyDone({ conversionId, reasons, review }: ReferralDto, action: ReferralAction): boolean {
  if (action === 'reverse' || action === 'restore')
    return conversionId !== null && reasons.includes('manual') === (action === 'reverse');
  return review.scheduled === null && review.decision === decisions[action];
}
