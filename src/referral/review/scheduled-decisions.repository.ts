import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/tx.js';

/** A decision of a person that takes effect later. `noteId` is its reason. */
export interface ScheduledDecision {
  decision: 'approved' | 'rejected';
  decidedBy: string;
  noteId: string;
  decidedAt: Date;
  takesEffectAt: Date;
}

const columns = `decision, decided_by AS "decidedBy", note_id AS "noteId",
  decided_at AS "decidedAt", takes_effect_at AS "takesEffectAt"`;

/** Decisions that have not taken effect yet: at most one for each referral. */
@Injectable()
export class ScheduledDecisionsRepository {
  /** Stores a decision; false where another one was first. */
  async insert(tx: Tx, referralId: string, decision: ScheduledDecision): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.scheduled_decision (referral_id, decision, decided_by, note_id, decided_at, takes_effect_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING referral_id`,
      [
        referralId,
        decision.decision,
        decision.decidedBy,
        decision.noteId,
        decision.decidedAt,
        decision.takesEffectAt,
      ],
    );
    return rows.length > 0;
  }

  /** The decision about a referral that has not taken effect yet; null without one. */
  async find(db: Queryable, referralId: string): Promise<ScheduledDecision | null> {
    const rows = await db.query<ScheduledDecision>(
      `SELECT ${columns} FROM referral.scheduled_decision WHERE referral_id = $1`,
      [referralId],
    );
    return rows[0] ?? null;
  }

  /** Deletes the decision about a referral; null where there is none any more. */
  async delete(tx: Tx, referralId: string): Promise<ScheduledDecision | null> {
    const [rows]: [ScheduledDecision[], number] = await tx.query(
      `DELETE FROM referral.scheduled_decision WHERE referral_id = $1 RETURNING ${columns}`,
      [referralId],
    );
    return rows[0] ?? null;
  }

  /** As {@link delete}, only before it takes effect. */
  async deleteBeforeEffect(tx: Tx, referralId: string, now: Date): Promise<ScheduledDecision | null> {
    const [rows]: [ScheduledDecision[], number] = await tx.query(
      `DELETE FROM referral.scheduled_decision WHERE referral_id = $1 AND takes_effect_at > $2 RETURNING ${columns}`,
      [referralId, now],
    );
    return rows[0] ?? null;
  }

  /** As {@link delete}, only from when it takes effect on. */
  async deleteDue(tx: Tx, referralId: string, now: Date): Promise<ScheduledDecision | null> {
    const [rows]: [ScheduledDecision[], number] = await tx.query(
      `DELETE FROM referral.scheduled_decision WHERE referral_id = $1 AND takes_effect_at <= $2 RETURNING ${columns}`,
      [referralId, now],
    );
    return rows[0] ?? null;
  }

  /** The referrals whose decisions take effect by `now`, the longest due first. */
  async findDue(db: Queryable, now: Date, limit: number): Promise<string[]> {
    const rows = await db.query<{ id: string }>(
      `SELECT referral_id AS id FROM referral.scheduled_decision
       WHERE takes_effect_at <= $1 ORDER BY takes_effect_at, referral_id LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }
}
