import { Injectable } from '@nestjs/common';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { toTerms, type Terms, type TermsRow } from '../terms/terms.js';
import type { LockedReferral, LockedReferralState } from './referral-state.js';
import type { Review, RewardStatus, StatusDecision } from './reward-status.js';

/** The status of a reward, in a row of referral.referral_state. */
interface StatusColumns extends Pick<RewardStatus, 'state' | 'reasons' | 'flags' | 'holds' | 'capped'> {
  invoice_id: string;
  release_at: Date | null;
  credited_at: Date | null;
}

/** A row of referral.referral_state. */
type ReferralStateRow = TermsRow & {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  linked_at: Date;
  code: string;
  has_milestones: boolean;
  is_closed: boolean;
  conversion_id: string | null;
  converted_at: Date;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
} & (StatusColumns | { state: null });

/**
 * A conversion as it is verified: its reward status, and what that follows from beside the payment.
 */
export interface StoredConversion extends RewardStatus {
  conversionId: string;
  referredId: string;
  linkedAt: Date;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
}

const verifiedConversionSql = `SELECT c.id AS "conversionId", c.referred_id AS "referredId", r.linked_at AS "linkedAt",
  s.state, s.reasons, s.flags, s.holds, s.release_at AS "releaseAt", s.capped, s.invoice_id AS "invoiceId",
  s.credited_at AS "creditedAt", v.outcome, v.decision
  FROM referral.conversion c JOIN referral.referral r ON r.id = c.referral_id
  JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id`;

const referralTermsSql = lateralLookup(
  'uuid',
  `SELECT r.referred_id, t.* FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version
         WHERE r.referred_id = asked.key`,
);

/** A conversion whose cards are due to be compared. */
export interface DueCardCheck {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  converted_at: Date;
}

/**
 * Referrals that are locked to be decided about, their conversions, and the reward status of these.
 */
@Injectable()
export class ConversionsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Locks a referral and loads its state, as it is under the lock; null for an unknown referral
   * and for a direct sign-up.
   */
  async loadForUpdate(
    tx: Tx,
    key: { referralId: string } | { referredId: string },
  ): Promise<LockedReferralState | null> {
    const rows: ReferralStateRow[] =
      'referralId' in key
        ? await tx.query(`SELECT * FROM referral.lock_referral($1)`, [key.referralId])
        : await tx.query(`SELECT * FROM referral.lock_referral_of($1)`, [key.referredId]);
    return rows[0] === undefined ? null : toLockedState(rows[0]);
  }

  /**
   * Inserts the conversion of a locked referral; false when its invoice has converted another one:
   * one payment counts once.
   */
  async insert(
    tx: Tx,
    conversion: { id: string; referral: LockedReferral; invoiceId: string; convertedAt: Date },
  ): Promise<boolean> {
    const { id, referral, invoiceId, convertedAt } = conversion;
    const rows: unknown[] = await tx.query(
      `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
      [id, referral.id, referral.referredId, invoiceId, convertedAt],
    );
    return rows.length > 0;
  }

  /**
   * Stores the reward status of a conversion; the time of its first credit stays. Sent without
   * waiting.
   */
  saveStatus(tx: Tx, conversionId: string, status: StatusDecision & { capped: boolean }, at: Date): void {
    const { state, reasons, flags, holds, invoiceId, releaseAt, capped } = status;
    enqueueWrite(
      tx,
      `INSERT INTO referral.reward_status AS s (conversion_id, state, reasons, flags, holds, invoice_id, release_at, capped, credited_at, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $2 = 'granted' THEN $9::timestamptz END, $9)
       ON CONFLICT (conversion_id) DO UPDATE SET state = excluded.state, reasons = excluded.reasons, flags = excluded.flags,
         holds = excluded.holds, invoice_id = excluded.invoice_id, release_at = excluded.release_at, capped = excluded.capped,
         credited_at = COALESCE(s.credited_at, excluded.credited_at), changed_at = excluded.changed_at`,
      [conversionId, state, reasons, flags, holds, invoiceId, releaseAt, capped, at],
    );
  }

  /**
   * The terms that the referrals of these people were made under; people without a referral are
   * left out.
   */
  async findTermsOfReferred(
    db: Queryable,
    userIds: readonly string[],
  ): Promise<{ referredId: string; terms: Terms }[]> {
    const rows = await db.query<{ referred_id: string } & TermsRow>(referralTermsSql, [
      JSON.stringify(userIds),
    ]);
    return rows.map((row) => ({ referredId: row.referred_id, terms: toTerms(row) }));
  }

  /** Referred users whose refund window has closed by `now`, the longest due first. */
  async findDueForRelease(now: Date, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT c.referred_id AS id FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id
       WHERE s.state = 'held' AND s.holds @> '{refund_window}' AND s.release_at <= $1
       ORDER BY s.release_at, s.conversion_id LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether a bank suspects the payment behind a conversion. */
  async hasFraudWarning(conversionId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM referral.reward_status WHERE conversion_id = $1 AND 'early_fraud_warning' = ANY(flags)`,
      [conversionId],
    );
    return rows.length > 0;
  }

  /** Whether `referralId` has converted, or a referral of `referredId` by one of these invoices. */
  async hasConverted(
    db: Queryable,
    referralId: string | null,
    referredId: string,
    invoiceIds: readonly string[],
  ): Promise<boolean> {
    const rows = await db.query(
      `SELECT 1 FROM referral.conversion
       WHERE referral_id = $1 OR (referred_id = $2 AND invoice_id = ANY($3)) LIMIT 1`,
      [referralId, referredId, invoiceIds],
    );
    return rows.length > 0;
  }

  /** Conversions whose cards are to be compared by `now`, the longest due first. */
  findDueCardChecks(now: Date, limit: number): Promise<DueCardCheck[]> {
    return this.database.query<DueCardCheck>(
      `SELECT r.id, r.referrer_id, r.referred_id, c.converted_at
       FROM referral.reward_status s JOIN referral.conversion c ON c.id = s.conversion_id JOIN referral.referral r ON r.id = c.referral_id
       WHERE s.card_check_due_at <= $1 ORDER BY s.card_check_due_at, c.converted_at LIMIT ${limit}`,
      [now],
    );
  }

  /**
   * When the conversion of a locked referral is checked next, null: never; one that was checked
   * meanwhile stays so.
   */
  async setNextCardCheck(tx: Tx, referralId: string, dueAt: Date | null): Promise<void> {
    await tx.query(
      `UPDATE referral.reward_status s SET card_check_due_at = $2 FROM referral.conversion c
       WHERE c.referral_id = $1 AND s.conversion_id = c.id AND s.card_check_due_at IS NOT NULL`,
      [referralId, dueAt],
    );
  }

  /** The next conversions after an id, in their order; for reading all of them. */
  findPageAfter(conversionId: string, limit: number): Promise<StoredConversion[]> {
    return readPageByIndex<StoredConversion>(
      this.database,
      `${verifiedConversionSql} WHERE c.id > $1 ORDER BY c.id LIMIT ${limit}`,
      [conversionId],
    );
  }

  /** These conversions. */
  findByIds(conversionIds: string[]): Promise<StoredConversion[]> {
    return this.database.query<StoredConversion>(`${verifiedConversionSql} WHERE c.id = ANY($1)`, [
      conversionIds,
    ]);
  }
}

function toLockedState(row: ReferralStateRow): LockedReferralState {
  const { conversion_id: conversionId, converted_at: convertedAt, outcome, decision } = row;
  return {
    referral: {
      id: row.id,
      referrerId: row.referrer_id,
      referredId: row.referred_id,
      linkedAt: row.linked_at,
      code: row.code,
      isClosed: row.is_closed,
      hasMilestones: row.has_milestones,
      terms: toTerms(row),
    },
    conversion: conversionId === null ? null : { id: conversionId, convertedAt },
    rewardStatus: row.state === null ? null : toRewardStatus(row),
    review: outcome === null ? null : { outcome, decision },
  };
}

function toRewardStatus(row: StatusColumns): RewardStatus {
  const { state, reasons, flags, holds, capped } = row;
  const { invoice_id: invoiceId, release_at: releaseAt, credited_at: creditedAt } = row;
  return { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped };
}
