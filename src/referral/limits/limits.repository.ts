import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import type { RemainingLimits } from './expected-reward.js';
import type { ReachedMilestone } from './milestone-rules.js';

/** A milestone with what it gave and what it has of its budget. */
export interface MilestoneRecord extends ReachedMilestone {
  termsVersion: number;
  days: number;
  lastEntryId: string;
  reservedMs: number;
}

/**
 * A limit of the programme that is not what its conversions add up to. `userId`: whom it concerns,
 * or the version.
 */
export interface LimitDiscrepancy {
  userId: string;
  problem: string;
}

/** The milestones of a person, and how many of their referrals are granted. */
export interface MilestoneCheck {
  userId: string;
  grantedCount: number;
  reached: (ReachedMilestone & { isLimited: boolean })[];
}

/**
 * The milestones of each person, and how many of their referrals are granted, as milestones count.
 */
const milestonesSql = `SELECT own.person AS "userId", own.reached, coalesce(n.granted, 0)::integer AS "grantedCount"
  FROM (
    SELECT platform.current_account_of(m.referrer_id) AS person,
      json_agg(json_build_object('accountId', m.referrer_id, 'ordinal', m.ordinal, 'every', t.milestone_every,
        'isGranted', m.is_granted, 'isLimited', b.terms_version IS NOT NULL) ORDER BY m.ordinal, m.referrer_id) AS reached
    FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version
    LEFT JOIN referral.budget b ON b.terms_version = m.terms_version GROUP BY 1) own
  LEFT JOIN (
    SELECT platform.current_account_of(r.referrer_id) AS person, count(*) AS granted FROM referral.referral r
    JOIN referral.conversion c ON c.referral_id = r.id JOIN referral.reward_status s ON s.conversion_id = c.id
    WHERE r.referrer_id <> r.referred_id AND s.state = 'granted' AND NOT s.capped GROUP BY 1) n USING (person)`;

/** Each rule is one statement, so one snapshot, that finds what breaks it. */
const invariants: string[] = [
  `SELECT 'terms ' || b.terms_version AS "userId",
     'the budget of terms ' || b.terms_version || ' says ' || b.reserved_ms || ' ms taken; its rewards take ' || r.reserved_ms AS problem
   FROM referral.budget b CROSS JOIN LATERAL (
     SELECT coalesce(sum(reserved_ms), 0) AS reserved_ms FROM (
       SELECT reserved_ms FROM referral.reward_reservation WHERE terms_version = b.terms_version
       UNION ALL SELECT reserved_ms FROM referral.milestone WHERE terms_version = b.terms_version) AS each) r
   WHERE b.reserved_ms <> r.reserved_ms`,
  `SELECT 'terms ' || t.version AS "userId", 'terms ' || t.version || ' have a budget that was never opened' AS problem
   FROM referral.terms t LEFT JOIN referral.budget b ON b.terms_version = t.version
   WHERE t.budget_days IS NOT NULL AND b.limit_ms IS DISTINCT FROM t.budget_days * ${dayMs}::bigint`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' is ' || s.state || ' and takes no place under its limits' AS problem
   FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
   JOIN referral.referral r ON r.id = c.referral_id JOIN referral.terms t ON t.version = r.terms_version
   LEFT JOIN referral.reward_reservation k ON k.conversion_id = c.id
   WHERE s.state <> 'reversed' AND num_nonnulls(t.cap_conversions, t.budget_days) > 0
     AND (k.conversion_id IS NULL
       OR (NOT s.capped AND NOT k.uses_cap AND t.referrer_days > 0 AND r.referrer_id <> r.referred_id))`,
  `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' is reversed and keeps its place in the cap' AS problem
   FROM referral.reward_reservation k JOIN referral.conversion c ON c.id = k.conversion_id
   JOIN referral.reward_status s ON s.conversion_id = c.id WHERE k.uses_cap AND s.state = 'reversed'`,
  `SELECT k.referrer_id::text AS "userId", 'conversion ' || k.conversion_id || ' is one too many for the cap of its referrer' AS problem
   FROM referral.reward_reservation k JOIN referral.terms t ON t.version = k.terms_version
   WHERE k.uses_cap AND t.cap_conversions IS NOT NULL AND t.cap_conversions < (
     SELECT count(*) FROM referral.reward_reservation o WHERE o.referrer_id = k.referrer_id AND o.uses_cap AND o.reserved_at <= k.reserved_at
       AND (t.cap_window_days IS NULL
         OR o.reserved_at > k.reserved_at - make_interval(hours => 24 * t.cap_window_days))
       -- of the same moment only those of the same version: which of two versions came first is not known
       AND (o.reserved_at < k.reserved_at OR (o.terms_version = k.terms_version AND o.conversion_id <= k.conversion_id)))`,
];

const overdueSql = `SELECT c.referred_id AS "userId", 'conversion ' || c.id || ' was due at ' || s.release_at || ' and is still held' AS problem
  FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
  WHERE s.state = 'held' AND s.holds @> '{refund_window}' AND s.release_at < $1`;

/**
 * What conversions and milestones take of caps and budgets. The credit accounts of the people are
 * locked.
 */
@Injectable()
export class LimitsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Locks the budgets of several versions in one order. One alone needs no order: it is locked
   * where it changes.
   */
  async lockBudgets(tx: Tx, versions: readonly number[]): Promise<void> {
    if (new Set(versions).size < 2) return;
    await tx.query(
      `SELECT 1 FROM referral.budget WHERE terms_version = ANY($1) ORDER BY terms_version FOR NO KEY UPDATE`,
      [versions],
    );
  }

  /**
   * Takes from the budget of a version, in milliseconds of credit; false, with nothing taken, where
   * that much is not left. The row of a budget is the last lock of a transaction. Terms without a
   * budget have no row, and no limit.
   */
  async takeFromBudget(tx: Tx, version: number, durationMs: number): Promise<boolean> {
    const [, taken]: [unknown[], number] = await tx.query(
      `UPDATE referral.budget SET reserved_ms = reserved_ms + $2 WHERE terms_version = $1 AND reserved_ms + $2 <= limit_ms`,
      [version, durationMs],
    );
    if (taken > 0) return true;
    const rows: unknown[] = await tx.query(`SELECT 1 FROM referral.budget WHERE terms_version = $1`, [
      version,
    ]);
    return rows.length === 0;
  }

  /** Puts back what was taken from a budget and not used up. */
  async returnToBudget(tx: Tx, version: number, durationMs: number): Promise<void> {
    if (durationMs === 0) return;
    await tx.query(`UPDATE referral.budget SET reserved_ms = reserved_ms - $2 WHERE terms_version = $1`, [
      version,
      durationMs,
    ]);
  }

  /**
   * How many places of a person's cap are taken since a time (null: ever) by other conversions than
   * this one.
   */
  async countPlaces(tx: Tx, referrerId: string, since: Date | null, conversionId: string): Promise<number> {
    const rows: { taken: number }[] = await tx.query(
      `SELECT count(*)::integer AS taken FROM referral.reward_reservation
       WHERE referrer_id = ANY(${allAccountsSql('$1')}) AND uses_cap AND ($2::timestamptz IS NULL OR reserved_at > $2) AND conversion_id <> $3`,
      [referrerId, since, conversionId],
    );
    return rows[0]?.taken ?? 0;
  }

  /**
   * What is left of the limits of these versions of the terms for invitations of a person (null:
   * of a person whose cap does not matter), unlocked.
   */
  async findRemaining(
    referrerId: string | null,
    versions: readonly number[],
    now: Date,
  ): Promise<Map<number, RemainingLimits>> {
    const rows = await this.database.lookups.query<{
      version: number;
      left_ms: string | null;
      taken: number;
    }>(
      `SELECT t.version, b.limit_ms - b.reserved_ms AS left_ms,
         CASE WHEN t.cap_conversions IS NULL THEN 0 ELSE (
           SELECT count(*)::integer FROM referral.reward_reservation k
           WHERE k.referrer_id = ANY(${allAccountsSql('$1')}) AND k.uses_cap
             AND (t.cap_window_days IS NULL OR k.reserved_at > $3::timestamptz - make_interval(hours => 24 * t.cap_window_days))) END AS taken
       FROM referral.terms t LEFT JOIN referral.budget b ON b.terms_version = t.version WHERE t.version = ANY($2)`,
      [referrerId, versions, now],
    );
    return new Map(
      rows.map(({ version, left_ms, taken }) => [
        version,
        { placesTaken: taken, budgetLeftMs: left_ms === null ? null : Number(left_ms) },
      ]),
    );
  }

  /** What a conversion has of its budget, in milliseconds. */
  async findReservedMs(tx: Tx, conversionId: string): Promise<number> {
    const rows: { reserved_ms: string }[] = await tx.query(
      `SELECT reserved_ms FROM referral.reward_reservation WHERE conversion_id = $1`,
      [conversionId],
    );
    return Number(rows[0]?.reserved_ms ?? 0);
  }

  /** Stores that a conversion takes its place, or none, and `addedMs` more of its budget. */
  async saveReservation(
    tx: Tx,
    reservation: {
      conversionId: string;
      referrerId: string | null;
      termsVersion: number;
      usesCap: boolean;
      addedMs: number;
      at: Date;
    },
  ): Promise<void> {
    const { conversionId, referrerId, termsVersion, usesCap, addedMs, at } = reservation;
    await tx.query(
      `INSERT INTO referral.reward_reservation AS c (conversion_id, referrer_id, terms_version, uses_cap, reserved_ms, reserved_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (conversion_id) DO UPDATE
       SET uses_cap = excluded.uses_cap, reserved_ms = c.reserved_ms + $5, reserved_at = excluded.reserved_at`,
      [conversionId, referrerId, termsVersion, usesCap, addedMs, at],
    );
  }

  /** Frees the place of a conversion, and leaves it `keptMs` of the budget. */
  async freePlace(tx: Tx, conversionId: string, keptMs: number): Promise<void> {
    await tx.query(
      `UPDATE referral.reward_reservation SET uses_cap = false, reserved_ms = $2 WHERE conversion_id = $1`,
      [conversionId, keptMs],
    );
  }

  /** Of the terms under which a person has reached milestones, granted or not. */
  async findMilestoneVersions(tx: Tx, referrerId: string | null): Promise<number[]> {
    const rows: { version: number }[] = await tx.query(
      `SELECT DISTINCT terms_version AS version FROM referral.milestone WHERE referrer_id = ANY(${allAccountsSql('$1')})`,
      [referrerId],
    );
    return rows.map(({ version }) => version);
  }

  /** How many referrals of a person are granted. */
  async countGranted(tx: Tx, referrerId: string): Promise<number> {
    const rows: { granted: number }[] = await tx.query(
      `SELECT count(*)::integer AS granted FROM referral.referral r
       JOIN referral.conversion c ON c.referral_id = r.id JOIN referral.reward_status s ON s.conversion_id = c.id
       WHERE r.referrer_id = ANY(${allAccountsSql('$1')}) AND r.referred_id <> r.referrer_id
         AND s.state = 'granted' AND NOT s.capped`,
      [referrerId],
    );
    return rows[0]?.granted ?? 0;
  }

  /** The milestones that a person reached, by number. */
  async findReached(tx: Tx, referrerId: string): Promise<MilestoneRecord[]> {
    const rows: (Omit<MilestoneRecord, 'reservedMs'> & { reservedMs: string })[] = await tx.query(
      `SELECT m.referrer_id AS "accountId", m.ordinal, t.milestone_every AS every, m.terms_version AS "termsVersion", t.milestone_days AS days, m.last_entry_id AS "lastEntryId", m.is_granted AS "isGranted",
         m.reserved_ms AS "reservedMs"
       FROM referral.milestone m JOIN referral.terms t ON t.version = m.terms_version
       WHERE m.referrer_id = ANY(${allAccountsSql('$1')}) ORDER BY m.ordinal, m.referrer_id`,
      [referrerId],
    );
    return rows.map((row) => ({ ...row, reservedMs: Number(row.reservedMs) }));
  }

  /** Stores a milestone that was granted by an entry of the ledger. */
  async insertMilestone(
    tx: Tx,
    milestone: {
      referrerId: string;
      ordinal: number;
      termsVersion: number;
      entryId: string;
      reservedMs: number;
      at: Date;
    },
  ): Promise<void> {
    const { referrerId, ordinal, termsVersion, entryId, reservedMs, at } = milestone;
    await tx.query(
      `INSERT INTO referral.milestone (referrer_id, ordinal, terms_version, entry_id, last_entry_id, is_granted, reserved_ms, changed_at)
       VALUES ($1, $2, $3, $4, $4, true, $5, $6)`,
      [referrerId, ordinal, termsVersion, entryId, reservedMs, at],
    );
  }

  /** Stores that an entry of the ledger reversed or restored a milestone. */
  async updateMilestone(
    tx: Tx,
    milestone: {
      referrerId: string;
      ordinal: number;
      isGranted: boolean;
      entryId: string;
      reservedMs: number;
      at: Date;
    },
  ): Promise<void> {
    const { referrerId, ordinal, isGranted, entryId, reservedMs, at } = milestone;
    await tx.query(
      `UPDATE referral.milestone SET is_granted = $3, last_entry_id = $4, reserved_ms = $5, changed_at = $6
       WHERE referrer_id = $1 AND ordinal = $2`,
      [referrerId, ordinal, isGranted, entryId, reservedMs, at],
    );
  }

  /** What breaks one of the rules that tie limits to conversions. */
  async *findDiscrepancies(): AsyncGenerator<LimitDiscrepancy> {
    for (const rule of invariants) yield* await this.database.query<LimitDiscrepancy>(rule);
  }

  /** The milestones of everybody who has any. */
  findMilestoneChecks(): Promise<MilestoneCheck[]> {
    return this.database.query<MilestoneCheck>(milestonesSql);
  }

  /** Rewards that were due before a time and are still held. */
  findOverdue(before: Date): Promise<LimitDiscrepancy[]> {
    return this.database.query<LimitDiscrepancy>(overdueSql, [before]);
  }

  /** Milestones and places of an account, as its owner may see them. */
  exportUser(userId: string): Promise<[milestones: unknown[], places: unknown[]]> {
    return Promise.all([
      this.database.query(
        `SELECT ordinal, terms_version AS "termsVersion", entry_id AS "entryId", is_granted AS "isGranted", changed_at AS "changedAt"
   FROM referral.milestone WHERE referrer_id = $1 ORDER BY ordinal`,
        [userId],
      ),
      this.database.query(
        `SELECT conversion_id AS "conversionId", terms_version AS "termsVersion", uses_cap AS "usesCap", reserved_ms AS "reservedMs", reserved_at AS "reservedAt"
   FROM referral.reward_reservation WHERE referrer_id = $1 ORDER BY reserved_at`,
        [userId],
      ),
    ]);
  }
}
