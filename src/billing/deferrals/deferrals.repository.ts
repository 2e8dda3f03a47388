import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { DeferralEntity, DeferralState } from './deferral.entity.js';

/** Columns that a transition changes, besides the state. What is left out stays. */
export interface DeferralChange {
  detail?: string | null;
  subscriptionId?: string;
  previousEndAt?: Date;
  targetAt?: Date;
  revertTo?: Date;
  deferralEntryId?: string | null;
  isNewAttempt?: boolean;
}

/**
 * The rows of deferrals. A transition names the state that it leaves, so of two at the same time
 * only one succeeds.
 */
@Injectable()
export class DeferralsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Stores that an entry may defer a charge. Idempotent: the deferral as it is. */
  async plan(tx: Tx, entryId: string, userId: string): Promise<Deferral> {
    await tx.query(
      `INSERT INTO billing.deferral (entry_id, user_id, state, planned_at, updated_at)
       VALUES ($1, $2, 'planned', $3, $3) ON CONFLICT (entry_id) DO NOTHING`,
      [entryId, userId, this.clock.now()],
    );
    const planned = await this.find(entryId, tx);
    if (planned === null) throw new Error(`Deferral ${entryId} was not written`);
    return planned;
  }

  /** The deferral of an entry, or null. */
  async find(entryId: string, db: Queryable = this.database): Promise<Deferral | null> {
    const [found] = await this.select(db, `entry_id = $1`, [entryId]);
    return found ?? null;
  }

  /** Those that Stripe is being asked about for the same user, other than this one. */
  findOthersInFlight({ userId, entryId }: Deferral): Promise<Deferral[]> {
    return this.select(
      this.database,
      `user_id = $1 AND entry_id <> $2 AND state IN ('requested', 'reverting')`,
      [userId, entryId],
    );
  }

  /**
   * Identifies the progress of a user's deferrals that were requested from Stripe, and of this one,
   * if it is still theirs; it changes with every transition.
   */
  async progressToken(db: Queryable, { userId, entryId }: Deferral): Promise<string> {
    const [row] = await db.query<{ progress: string }>(
      `SELECT coalesce(string_agg(entry_id || ' ' || state || ' ' || attempt, ',' ORDER BY entry_id), '') AS progress
       FROM billing.deferral WHERE user_id = $1 AND (attempt > 0 OR entry_id = $2)`,
      [userId, entryId],
    );
    return row?.progress ?? '';
  }

  /** Confirmed deferrals of a user whose subscription ended before the deferred date. */
  async findCutShort(tx: Tx, userId: string): Promise<DeferralWithCharge[]> {
    const found = await this.select(
      tx,
      `user_id = $1 AND state = 'confirmed' AND target_at > $2
       AND subscription_id IN (SELECT s.id FROM billing.subscription s WHERE s.ended_at IS NOT NULL)`,
      [userId, this.clock.now()],
    );
    return found.map(requireCharge);
  }

  /**
   * Brings a deferral from one state to the next. Null when it is in another one by now.
   * Errors: the constraint `deferral_one_in_flight_per_subscription` while another one of the
   * subscription is.
   */
  async transition(
    tx: Tx,
    { entryId }: Deferral,
    [from, to]: [DeferralState, DeferralState],
    deferralChange: DeferralChange = {},
  ): Promise<Deferral | null> {
    const [rows]: [DeferralRow[]] = await tx.query(
      `UPDATE billing.deferral SET state = $3, updated_at = $4, detail = $5, subscription_id = coalesce($6, subscription_id),
         previous_end_at = coalesce($7, previous_end_at), target_at = coalesce($8, target_at), revert_to = coalesce($9, revert_to),
         deferral_entry_id = coalesce($10, deferral_entry_id), attempt = attempt + $11
       WHERE entry_id = $1 AND state = $2 RETURNING *`,
      [
        entryId,
        from,
        to,
        this.clock.now(),
        deferralChange.detail ?? null,
        deferralChange.subscriptionId ?? null,
        deferralChange.previousEndAt ?? null,
        deferralChange.targetAt ?? null,
        deferralChange.revertTo ?? null,
        deferralChange.deferralEntryId ?? null,
        deferralChange.isNewAttempt === true ? 1 : 0,
      ],
    );
    return rows[0] === undefined ? null : toDeferral(rows[0]);
  }

  /**
   * Moves the deferrals of a subscription that follow `target` earlier by `byMs`: one before them
   * was undone.
   */
  async shiftLater(tx: Tx, subscriptionId: string, target: Date, byMs: number): Promise<void> {
    await tx.query(
      `UPDATE billing.deferral SET previous_end_at = previous_end_at - $3::bigint * interval '1 millisecond',
         target_at = target_at - $3::bigint * interval '1 millisecond', updated_at = $4
       WHERE subscription_id = $1 AND state = 'confirmed' AND previous_end_at >= $2`,
      [subscriptionId, target, byMs, this.clock.now()],
    );
  }

  private async select(db: Queryable, where: string, parameters: unknown[]): Promise<Deferral[]> {
    const rows = await db.query<DeferralRow>(
      `SELECT * FROM billing.deferral WHERE ${where} ORDER BY entry_id`,
      parameters,
    );
    return rows.map(toDeferral);
  }
}

/**
 * A charge of `subscriptionId` that the days of one credit entry deferred, from `previousEndAt` to
 * `targetAt`.
 */
export type Deferral = Pick<
  DeferralEntity,
  | 'entryId'
  | 'userId'
  | 'subscriptionId'
  | 'state'
  | 'attempt'
  | 'previousEndAt'
  | 'targetAt'
  | 'revertTo'
  | 'deferralEntryId'
>;

/** A deferral that knows which charge it moves. */
export interface DeferralWithCharge extends Deferral {
  subscriptionId: string;
  previousEndAt: Date;
  targetAt: Date;
}

/** Errors: the row contradicts its own constraint. */
export function requireCharge(deferral: Deferral): DeferralWithCharge {
  const { subscriptionId, previousEndAt, targetAt } = deferral;
  if (subscriptionId === null || previousEndAt === null || targetAt === null)
    throw new Error(`Deferral ${deferral.entryId} is ${deferral.state} but has no charge`);
  return { ...deferral, subscriptionId, previousEndAt, targetAt };
}

/** A row of billing.deferral. */
export interface DeferralRow {
  entry_id: string;
  user_id: string;
  subscription_id: string | null;
  state: DeferralState;
  attempt: number;
  previous_end_at: Date | null;
  target_at: Date | null;
  revert_to: Date | null;
  deferral_entry_id: string | null;
}

/** The deferral that a row holds. */
export function toDeferral(row: DeferralRow): Deferral {
  return {
    entryId: row.entry_id,
    userId: row.user_id,
    subscriptionId: row.subscription_id,
    state: row.state,
    attempt: row.attempt,
    previousEndAt: row.previous_end_at,
    targetAt: row.target_at,
    revertTo: row.revert_to,
    deferralEntryId: row.deferral_entry_id,
  };
}
