import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Milestones } from '../limits/milestones.js';
import type { MergeEffects, MergeSide } from './merge-effects.js';

/** What was done to invitations, with the reviews as they were: all that taking it back needs. */
export interface MovedReferrals {
  carried: string | null;
  closed: { id: string; review: ReviewRow | null }[];
}

interface ReviewRow {
  outcome: string;
  decision: string | null;
  decided_at: string | null;
  decided_by: string | null;
}

/**
 * The invitations that two accounts of one person came with. Whom either of them invited stays as it is: it is the person's
 * through both accounts. The referral rows are locked by {@link lock}.
 */
@Injectable()
export class ReferralMerges {
  constructor(
    private readonly milestones: Milestones,
    private readonly clock: Clock,
  ) {}

  /** Locks the invitations that these accounts came with. A statement of its own. */
  async lock(tx: Tx, userIds: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM referral.referral WHERE referred_id = ANY($1) ORDER BY id FOR NO KEY UPDATE`,
      [userIds],
    );
  }

  /** What referral knows of an account, with those that were merged into it. */
  async look(db: Queryable, userId: string): Promise<MergeSide> {
    const came = await db.query<NonNullable<MergeSide['came']>>(
      `SELECT r.id, r.referrer_id AS "referrerId", c.id IS NOT NULL AS "isConverted", r.closed_at IS NOT NULL AS "isClosed"
         FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
         WHERE r.referred_id = ANY(platform.accounts_of($1))
         ORDER BY c.id IS NULL, r.closed_at IS NOT NULL, r.referred_id <> $1, r.id LIMIT 1`,
      [userId],
    );
    const invited = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM referral.referral WHERE referrer_id = ANY(platform.accounts_of($1))`,
      [userId],
    );
    const codes = await db.query<{ code: string }>(
      `SELECT code FROM referral.code WHERE user_id = ANY(platform.accounts_of($1)) AND retired_at IS NULL ORDER BY code`,
      [userId],
    );
    return {
      came: came[0] ?? null,
      invited: invited[0]?.n ?? 0,
      codes: codes.map(({ code }) => code),
    };
  }

  /** Carries one invitation over to `intoId` and closes others, which are shown as rejected by whoever merges. */
  async apply(
    tx: Tx,
    intoId: string,
    { carried, closed }: Pick<MergeEffects, 'carried' | 'closed'>,
    actor: Actor,
  ): Promise<MovedReferrals> {
    const reviews: (ReviewRow & { referral_id: string })[] = await tx.query(
      `SELECT referral_id, outcome, decision, decided_at, decided_by FROM referral.review WHERE referral_id = ANY($1)`,
      [closed],
    );
    const now = this.clock.now();
    await tx.query(`UPDATE referral.referral SET referred_id = $2 WHERE id = $1`, [carried, intoId]);
    await tx.query(`UPDATE referral.referral SET closed_at = $2 WHERE id = ANY($1)`, [closed, now]);
    await tx.query(
      `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at, decided_by)
       SELECT id, 'allow', 'rejected', $2, $2, $3 FROM unnest($1::uuid[]) AS closed(id)
       ON CONFLICT (referral_id) DO UPDATE
       SET decision = excluded.decision, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
      [closed, now, actor.id ?? null],
    );
    const reviewOf = (id: string) => reviews.find((review) => review.referral_id === id) ?? null;
    return { carried, closed: closed.map((id) => ({ id, review: reviewOf(id) })) };
  }

  /** Brings the milestones of people in step whose accounts became one, or two again. Their credit accounts are locked. */
  async settleMilestones(tx: Tx, personIds: readonly string[]): Promise<void> {
    for (const personId of personIds) await this.milestones.settle(tx, personId);
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

  /** Takes {@link apply} back. A review that somebody changed since stays as they left it. */
  async takeBack(tx: Tx, fromId: string, { carried, closed }: MovedReferrals): Promise<void> {
    await tx.query(`UPDATE referral.referral SET referred_id = $2 WHERE id = $1`, [carried, fromId]);
    await tx.query(`UPDATE referral.referral SET closed_at = NULL WHERE id = ANY($1)`, [
      closed.map(({ id }) => id),
    ]);
    for (const { id, review } of closed)
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
