import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Review } from '../conversions/reward-status.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { ConversionsRepository } from '../conversions/conversions.repository.js';
import type { ReferralReviewed } from '../referral.events.js';
import { ReviewsRepository } from './reviews.repository.js';
import { ScheduledDecisionsRepository } from './scheduled-decisions.repository.js';

/**
 * What a person decides about a referral; null takes a decision back, so that the rules count
 * again.
 */
export interface ReviewDecision {
  decision: Review['decision'];
  actor: Actor;
  noteId: string;
}

/** Decisions of staff about referrals that the fraud rules stopped. Staff win over rules. */
@Injectable()
export class ReviewService {
  // eslint-disable-next-line max-params -- one decision, and what it takes to apply it
  constructor(
    private readonly reviews: ReviewsRepository,
    private readonly scheduled: ScheduledDecisionsRepository,
    private readonly conversions: ConversionsRepository,
    private readonly rewardStatus: RewardStatusService,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Decides about a referral. A reward that waited for it is released or refused at once; one that
   * came before is taken back on a rejection. The first decision counts until it is taken back: of
   * several at once, one decides. One that is scheduled counts as decided: the same takes effect
   * now, and null takes it back. Answers whether anything changed. Idempotent.
   * Errors: `request.not_found`; `referral.decided` for the opposite of a decision.
   */
  async decide(tx: Tx, referralId: string, { decision, actor, noteId }: ReviewDecision): Promise<boolean> {
    const locked = await this.conversions.loadForUpdate(tx, { referralId });
    if (locked === null)
      throw new DomainError('request.not_found', { text: { key: 'console.problem.referralUnknown' } });
    const scheduled = await this.scheduled.delete(tx, referralId);
    if (scheduled !== null && decision !== null && scheduled.decision !== decision)
      throw alreadyDecided(scheduled.decision);
    const before = await this.reviews.findDecision(tx, referralId);
    if (before === decision && scheduled === null) return false;
    if (before !== null && decision !== null) throw alreadyDecided(before);
    const at = await this.reviews.saveDecision(tx, referralId, { decision, by: actor.id ?? null });
    const { referrerId, referredId } = locked.referral;
    this.auditLog.record(tx, {
      action: 'referral.reviewed',
      actor,
      subjectId: referredId,
      details: { referralId, referrerId, decision, before },
      noteId,
    });
    const conversion = await this.rewardStatus.reevaluate(tx, referralId, { actor, noteId });
    // the reward status sends its own emails; this event is for users who have not paid yet
    if (conversion !== null || decision === null) return true;
    const event: ReferralReviewed = {
      name: 'referral.reviewed',
      ...{ referralId, referrerId, referredId, decision },
      at: at.toISOString(),
    };
    this.outbox.publish(tx, event);
    return true;
  }
}

/** This referral has a decision, so it cannot be decided again. */
export function alreadyDecided(decision: NonNullable<Review['decision']>): DomainError {
  return new DomainError('referral.decided', {
    text: { key: `review.problem.${decision}` },
    extensions: { decision },
  });
}
