import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Review } from '../conversions/conversion.js';
import { RewardStatusService } from '../conversions/reward-status.service.js';
import { lockReferral } from '../conversions/referral-state.js';
import type { ReferralReviewed } from '../referral.events.js';

/** What a person decides about a referral; null takes a decision back, so that the rules count again. */
export interface ReviewDecision {
  decision: Review['decision'];
  actor: Actor;
  noteId: string;
}

/** What people decide about referrals that the rules do not let through by themselves. A person's word wins. */
@Injectable()
export class ReviewService {
  constructor(
    private readonly rewardStatus: RewardStatusService,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly database: Database,
  ) {}

  /**
   * Decides about a referral. A reward that waited for it is released or refused at once; one that came before is taken
   * back on a rejection. The first decision counts until it is taken back: of several at once, one decides. Idempotent.
   * Errors: `request.not_found`; `referral.decided` for the opposite of a decision that stands.
   */
  async decide(tx: Tx, referralId: string, { decision, actor, noteId }: ReviewDecision): Promise<void> {
    const referral = await lockReferral(tx, referralId);
    if (referral === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const before = await this.findDecision(tx, referralId);
    if (before === decision) return;
    if (before !== null && decision !== null)
      throw new DomainError('referral.decided', {
        detail: `It is already ${before}. Reopen it first, then decide again.`,
        extensions: { decision: before },
      });
    await this.saveDecision(tx, referralId, decision, actor);
    const { referrerId, referredId } = referral;
    this.auditLog.record(tx, {
      action: 'referral.reviewed',
      actor,
      subjectId: referredId,
      details: { referralId, referrerId, decision, before },
      noteId,
    });
    const conversion = await this.rewardStatus.reevaluate(tx, referralId, { actor, noteId });
    // the reward status sends its own emails; this event is for users who have not paid yet
    if (conversion !== null || decision === null) return;
    const event: ReferralReviewed = {
      name: 'referral.reviewed',
      ...{ referralId, referrerId, referredId, decision },
      at: this.clock.now().toISOString(),
    };
    await this.outbox.publish(tx, event);
  }

  /** How many referrals wait for a person. */
  async countPending(): Promise<number> {
    const rows = await this.database.query<{ waiting: number }>(
      `SELECT count(*)::integer AS waiting FROM referral.review WHERE decision IS NULL AND outcome = 'review'`,
    );
    return rows[0]?.waiting ?? 0;
  }

  private async findDecision(tx: Tx, referralId: string): Promise<Review['decision']> {
    const rows: Pick<Review, 'decision'>[] = await tx.query(
      `SELECT decision FROM referral.review WHERE referral_id = $1`,
      [referralId],
    );
    return rows[0]?.decision ?? null;
  }

  private async saveDecision(
    tx: Tx,
    referralId: string,
    decision: Review['decision'],
    { id }: Actor,
  ): Promise<void> {
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at, decided_by)
       VALUES ($1, 'allow', $2, $3, CASE WHEN $2::text IS NOT NULL THEN $3::timestamptz END, $4)
       ON CONFLICT (referral_id) DO UPDATE
       SET decision = excluded.decision, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
      [referralId, decision, now, id ?? null],
    );
  }
}
