import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Review } from '../conversions/reward-status.js';

/** A review as the record of a merge keeps it: its date is text. */
export interface ReviewRow {
  outcome: string;
  decision: string | null;
  decided_at: string | null;
  decided_by: string | null;
}

/** What people decided about referrals. */
@Injectable()
export class ReviewsRepository {
  constructor(private readonly clock: Clock) {}

  /** The decision about a referral; null without one. */
  async findDecision(tx: Tx, referralId: string): Promise<Review['decision']> {
    const rows: Pick<Review, 'decision'>[] = await tx.query(
      `SELECT decision FROM referral.review WHERE referral_id = $1`,
      [referralId],
    );
    return rows[0]?.decision ?? null;
  }

  /** Stores a decision, or with null takes it back; answers when. */
  async saveDecision(
    tx: Tx,
    referralId: string,
    { decision, by }: { decision: Review['decision']; by: string | null },
  ): Promise<Date> {
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at, decided_by)
       VALUES ($1, 'allow', $2, $3, CASE WHEN $2::text IS NOT NULL THEN $3::timestamptz END, $4)
       ON CONFLICT (referral_id) DO UPDATE
       SET decision = excluded.decision, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
      [referralId, decision, now, by],
    );
    return now;
  }

  /** The reviews of these referrals. */
  async findByReferrals(
    tx: Tx,
    referralIds: readonly string[],
  ): Promise<(ReviewRow & { referral_id: string })[]> {
    const rows: (Omit<ReviewRow, 'decided_at'> & { referral_id: string; decided_at: Date | null })[] =
      await tx.query(
        `SELECT referral_id, outcome, decision, decided_at, decided_by FROM referral.review WHERE referral_id = ANY($1)`,
        [referralIds],
      );
    return rows.map((row) => ({ ...row, decided_at: row.decided_at?.toISOString() ?? null }));
  }

  /** Rejects referrals that a merge closes. */
  async rejectAll(
    tx: Tx,
    referralIds: readonly string[],
    { by, at }: { by: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at, decided_by)
       SELECT id, 'allow', 'rejected', $2, $2, $3 FROM unnest($1::uuid[]) AS closed(id)
       ON CONFLICT (referral_id) DO UPDATE
       SET decision = excluded.decision, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
      [referralIds, at, by],
    );
  }

  /**
   * Makes the review of a referral what it was before {@link rejectAll}; one that a person changed
   * since stays.
   */
  async restore(tx: Tx, referralId: string, review: ReviewRow | null): Promise<void> {
    if (review === null)
      await tx.query(
        `DELETE FROM referral.review WHERE referral_id = $1 AND outcome = 'allow' AND decision = 'rejected'`,
        [referralId],
      );
    else
      await tx.query(
        `UPDATE referral.review SET decision = $2, decided_at = $3, decided_by = $4
           WHERE referral_id = $1 AND decision = 'rejected'`,
        [referralId, review.decision, review.decided_at, review.decided_by],
      );
  }
}
