import { Injectable } from '@nestjs/common';
import { readPageByIndex } from '../../platform/database/bulk-mode.js';
import { Database } from '../../platform/database/database.js';
import { lateralLookup } from '../../platform/database/row-loader.js';
import { enqueueWrite, type Queryable, type Tx } from '../../platform/database/tx.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import { toTerms, type Terms, type TermsRow } from '../terms/terms.js';
import type { LockedReferral, LockedReferralState, ReferralState } from './referral-state.js';
import type { Review, RewardStatus, StatusDecision } from './reward-status.js';

type ReferralStateRow = { conversion_id: string | null; converted_at: Date } & RewardStatus & {
    outcome: Review['outcome'] | null;
    decision: Review['decision'];
  };

type LockedReferralRow = Omit<LockedReferral, 'terms'> & TermsRow;

// terms never change, so they may be read by the statement that waits for the lock
const lockedReferralSql = `SELECT r.id, r.referrer_id AS "referrerId", r.referred_id AS "referredId", r.linked_at AS "linkedAt", r.code,
  EXISTS (SELECT 1 FROM referral.milestone m WHERE m.referrer_id = ANY(${allAccountsSql('r.referrer_id')})) AS "hasMilestones", t.*
  FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version`;

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
   * Locks the referral of `referredId` and loads its state, both sent at once; null for a direct
   * sign-up.
   */
  async loadForUpdate(tx: Tx, referredId: string): Promise<LockedReferralState | null> {
    const [referral, state] = await Promise.all([
      this.lockReferralOfUser(tx, referredId),
      this.loadState(tx, { referredId }),
    ]);
    return referral === null ? null : { referral, ...state };
  }

  /**
   * Loads the state of a referral. A statement of its own, sent after the lock: it must see what
   * was written meanwhile.
   */
  async loadState(tx: Tx, key: { referralId: string } | { referredId: string }): Promise<ReferralState> {
    const [column, value] = 'referralId' in key ? ['id', key.referralId] : ['referred_id', key.referredId];
    const rows: ReferralStateRow[] = await tx.query(
      `SELECT c.id AS conversion_id, c.converted_at, s.state, s.reasons, s.flags, s.holds, s.invoice_id AS "invoiceId",
       s.release_at AS "releaseAt", s.credited_at AS "creditedAt", s.capped, v.outcome, v.decision
     FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
     LEFT JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id
     WHERE r.${column} = $1`,
      [value],
    );
    const row = rows[0];
    if (row === undefined) return { conversion: null, rewardStatus: null, review: null };
    const { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped } = row;
    const { conversion_id: id, converted_at: convertedAt, outcome, decision } = row;
    return {
      conversion: id === null ? null : { id, convertedAt },
      // the driver answers null for the columns of a missing row
      rewardStatus:
        (state as unknown) === null
          ? null
          : { state, reasons, flags, holds, invoiceId, releaseAt, creditedAt, capped },
      review: outcome === null ? null : { outcome, decision },
    };
  }

  private async lockReferralOfUser(tx: Tx, referredId: string): Promise<LockedReferral | null> {
    const rows: LockedReferralRow[] = await tx.query(
      `${lockedReferralSql} WHERE r.referred_id = $1 FOR NO KEY UPDATE OF r`,
      [referredId],
    );
    return rows[0] === undefined ? null : toLockedReferral(rows[0]);
  }

  /** Locks a referral by its id; null for an unknown one. */
  async lockReferral(tx: Tx, id: string): Promise<LockedReferral | null> {
    const rows: LockedReferralRow[] = await tx.query(
      `${lockedReferralSql} WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
      [id],
    );
    return rows[0] === undefined ? null : toLockedReferral(rows[0]);
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

function toLockedReferral(row: LockedReferralRow): LockedReferral {
  const { id, referrerId, referredId, linkedAt, code, hasMilestones } = row;
  return { id, referrerId, referredId, linkedAt, code, hasMilestones, terms: toTerms(row) };
}
