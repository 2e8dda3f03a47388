import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Milestones } from '../limits/milestones.js';
import type { ReferralMergePlan, AccountReferralState } from './referral-merge-plan.js';

/** What was done to invitations, with the reviews as they were: all that taking it back needs. */
export interface ReferralMergeRecord {
  transferredReferralId: string | null;
  closedReferrals: { id: string; review: ReviewRow | null }[];
}

interface ReviewRow {
  outcome: string;
  decision: string | null;
  decided_at: string | null;
  decided_by: string | null;
}

/**
 * The invitations that two accounts of one person came with. Whom either of them invited stays as it is: it is the person's
 * through both accounts. The referral rows are locked by {@link lockReferrals}.
 */
@Injectable()
export class ReferralMergeService {
  constructor(
    private readonly milestones: Milestones,
    private readonly clock: Clock,
  ) {}

  /** Locks the invitations that these accounts came with. A statement of its own. */
  async lockReferrals(tx: Tx, userIds: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM referral.referral WHERE referred_id = ANY($1) ORDER BY id FOR NO KEY UPDATE`,
      [userIds],
    );
  }

  /** What referral knows of an account, with those that were merged into it. */
  async loadAccountState(db: Queryable, userId: string): Promise<AccountReferralState> {
    const ownReferrals = await db.query<NonNullable<AccountReferralState['ownReferral']>>(
      `SELECT r.id, r.referrer_id AS "referrerId", c.id IS NOT NULL AS "isConverted", r.closed_at IS NOT NULL AS "isClosed"
         FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
         WHERE r.referred_id = ANY(platform.all_accounts_of($1))
         ORDER BY c.id IS NULL, r.closed_at IS NOT NULL, r.referred_id <> $1, r.id LIMIT 1`,
      [userId],
    );
    const invited = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM referral.referral WHERE referrer_id = ANY(platform.all_accounts_of($1))`,
      [userId],
    );
    const codes = await db.query<{ code: string }>(
      `SELECT code FROM referral.code WHERE user_id = ANY(platform.all_accounts_of($1)) AND retired_at IS NULL ORDER BY code`,
      [userId],
    );
    return {
      ownReferral: ownReferrals[0] ?? null,
      invitedCount: invited[0]?.n ?? 0,
      codes: codes.map(({ code }) => code),
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
    const reviews: (Omit<ReviewRow, 'decided_at'> & {
      referral_id: string;
      decided_at: Date | null;
    })[] = await tx.query(
      `SELECT referral_id, outcome, decision, decided_at, decided_by FROM referral.review WHERE referral_id = ANY($1)`,
      [closedReferralIds],
    );
    const now = this.clock.now();
    await tx.query(`UPDATE referral.referral SET referred_id = $2 WHERE id = $1`, [
      transferredReferralId,
      intoId,
    ]);
    await tx.query(`UPDATE referral.referral SET closed_at = $2 WHERE id = ANY($1)`, [
      closedReferralIds,
      now,
    ]);
    await tx.query(
      `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at, decided_by)
       SELECT id, 'allow', 'rejected', $2, $2, $3 FROM unnest($1::uuid[]) AS closed(id)
       ON CONFLICT (referral_id) DO UPDATE
       SET decision = excluded.decision, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
      [closedReferralIds, now, actor.id ?? null],
    );
    const reviewOf = (id: string) => {
      const review = reviews.find(({ referral_id }) => referral_id === id);
      return review === undefined
        ? null
        : { ...review, decided_at: review.decided_at?.toISOString() ?? null };
    };
    return {
      transferredReferralId,
      closedReferrals: closedReferralIds.map((id) => ({ id, review: reviewOf(id) })),
    };
  }

  /** Brings the milestones of people in step whose accounts became one, or two again. Their credit accounts are locked. */
  async recalculateMilestones(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (const personId of userIds) await this.milestones.recalculate(tx, personId);
  }

  /** Whether something came of the merge that cannot be taken apart: what was carried over, or one of `invoiceIds`, made a referral of `intoId` count. */
  async hasConverted(
    db: Queryable,
    intoId: string,
    { carried, invoiceIds }: { carried: string | null; invoiceIds: readonly string[] },
  ): Promise<boolean> {
    const rows = await db.query(
      `SELECT 1 FROM referral.conversion
       WHERE referral_id = $1 OR (referred_id = $2 AND invoice_id = ANY($3)) LIMIT 1`,
      [carried, intoId, invoiceIds],
    );
    return rows.length > 0;
  }

  /** Takes {@link apply} back. A review that a person changed since stays as they left it. */
  async undo(
    tx: Tx,
    fromId: string,
    { transferredReferralId, closedReferrals }: ReferralMergeRecord,
  ): Promise<void> {
    await tx.query(`UPDATE referral.referral SET referred_id = $2 WHERE id = $1`, [
      transferredReferralId,
      fromId,
    ]);
    await tx.query(`UPDATE referral.referral SET closed_at = NULL WHERE id = ANY($1)`, [
      closedReferrals.map(({ id }) => id),
    ]);
    for (const { id, review } of closedReferrals)
      if (review === null)
        await tx.query(
          `DELETE FROM referral.review WHERE referral_id = $1 AND outcome = 'allow' AND decision = 'rejected'`,
          [id],
        );
      else
        await tx.query(
          `UPDATE referral.review SET decision = $2, decided_at = $3, decided_by = $4
           WHERE referral_id = $1 AND decision = 'rejected'`,
          [id, review.decision, review.decided_at, review.decided_by],
        );
  }
}
