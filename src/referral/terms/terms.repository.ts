import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { toTerms, type Terms, type TermsRow } from './terms.js';

/**
 * A version of the terms. `publishedAt` is null for the first, which is seeded; `budget`, in days
 * with decimals, where it has none.
 */
export interface TermsVersion {
  terms: Terms;
  publishedAt: Date | null;
  budget: { takenDays: number; leftDays: number } | null;
}

type Row = TermsRow & { published_at: Date | null; reserved_ms: string | null; limit_ms: string | null };

/** All versions that ever were. */
@Injectable()
export class TermsRepository {
  constructor(private readonly database: Database) {}

  /** The newest version whose time it is; null before the first one is written. */
  async findCurrent(db: Queryable, now: Date): Promise<Terms | null> {
    const rows = await db.query<TermsRow>(
      `SELECT * FROM referral.terms WHERE (valid_from <= $1 OR version = 1) AND (valid_until IS NULL OR valid_until > $1)
       ORDER BY version DESC LIMIT 1`,
      [now],
    );
    return rows[0] === undefined ? null : toTerms(rows[0]);
  }

  /** The number of the newest version, in force or not. */
  async findNewestVersion(db: Queryable = this.database): Promise<number> {
    const rows = await db.query<{ newest: number }>(`SELECT max(version) AS newest FROM referral.terms`);
    return rows[0]?.newest ?? 0;
  }

  /** The terms that the referral of a user was made under; null without one. */
  async findByReferred(userId: string): Promise<Terms | null> {
    const rows = await this.database.lookups.query<TermsRow>(
      `SELECT t.* FROM referral.referral r JOIN referral.terms t ON t.version = r.terms_version WHERE r.referred_id = $1`,
      [userId],
    );
    return rows[0] === undefined ? null : toTerms(rows[0]);
  }

  /** Every version, newest first. */
  async listVersions(): Promise<TermsVersion[]> {
    const rows = await this.database.query<Row>(
      `SELECT t.*, b.reserved_ms, b.limit_ms FROM referral.terms t
       LEFT JOIN referral.budget b ON b.terms_version = t.version ORDER BY t.version DESC`,
    );
    return rows.map(toTermsVersion);
  }

  /** Writes version 1 with `days` for each side. Idempotent: the first one stays. */
  async insertFirst(tx: Tx, days: number, validFrom: Date): Promise<void> {
    await tx.query(
      `INSERT INTO referral.terms (version, referrer_days, referred_days, valid_from) VALUES (1, $1, $1, $2) ON CONFLICT DO NOTHING`,
      [days, validFrom],
    );
  }

  /** Makes those who publish wait for each other. */
  async lockVersions(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('twofold:terms', 0))`);
  }

  /** Writes a version. */
  async insert(tx: Tx, terms: Terms, publishedAt: Date): Promise<void> {
    const row: Record<string, unknown> = {
      version: terms.version,
      referrer_days: terms.referrerDays,
      referred_days: terms.referredDays,
      hold_days: terms.holdDays,
      minimum_amounts: JSON.stringify(terms.minimumAmounts),
      qualifying_prices: terms.qualifyingPrices,
      attribution: terms.attribution,
      attribution_days: terms.attributionDays,
      late_claim_days: terms.lateClaimDays,
      cap_conversions: terms.cap?.conversions ?? null,
      cap_window_days: terms.cap?.windowDays ?? null,
      budget_days: terms.budgetDays,
      milestone_every: terms.milestone?.every ?? null,
      milestone_days: terms.milestone?.days ?? null,
      refund_percent: terms.refundPercent,
      valid_from: terms.validFrom,
      valid_until: terms.validUntil,
      published_at: publishedAt,
    };
    const names = Object.keys(row);
    await tx.query(
      `INSERT INTO referral.terms (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  }
}

function toTermsVersion(row: Row): TermsVersion {
  const takenMs = Number(row.reserved_ms);
  return {
    terms: toTerms(row),
    publishedAt: row.published_at,
    budget:
      row.limit_ms === null
        ? null
        : { takenDays: takenMs / dayMs, leftDays: (Number(row.limit_ms) - takenMs) / dayMs },
  };
}
