import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { dayMs } from '../../platform/durations.js';
import { toTerms, type Terms, type TermsRow } from './terms.js';

/** What came of a version so far. Days have decimals; `budget` is null where the version has none. */
export interface TermsUsage {
  referrals: number;
  conversions: { granted: number; held: number; suspended: number; reversed: number };
  budget: { takenDays: number; leftDays: number } | null;
}

/** A version with what came of it. `publishedAt` is null for the first, which is seeded. */
export interface TermsWithUsage {
  terms: Terms;
  publishedAt: Date | null;
  usage: TermsUsage;
}

type Row = TermsRow & { published_at: Date | null; reserved_ms: string | null; limit_ms: string | null };
interface VersionCounts {
  version: number;
  referrals: number;
  granted: number;
  held: number;
  suspended: number;
  reversed: number;
}

/** All versions that ever were, and what came of each. */
@Injectable()
export class TermsHistory {
  constructor(private readonly database: Database) {}

  /** Every version, newest first. */
  async listWithUsage(): Promise<TermsWithUsage[]> {
    const [rows, counted] = await Promise.all([this.findRows(), this.countByVersion()]);
    return rows.map((row) => toTermsWithUsage(row, counted.get(row.version)));
  }

  /** Every version without what came of it, newest first. */
  async listVersions(): Promise<Terms[]> {
    return (await this.findRows()).map(toTerms);
  }

  private findRows(): Promise<Row[]> {
    return this.database.query(
      `SELECT t.*, b.reserved_ms, b.limit_ms FROM referral.terms t
       LEFT JOIN referral.budget b ON b.terms_version = t.version ORDER BY t.version DESC`,
    );
  }

  private async countByVersion(): Promise<Map<number, VersionCounts>> {
    const rows = await this.database.query<VersionCounts>(
      `SELECT r.terms_version AS version, count(*)::integer AS referrals,
         (count(*) FILTER (WHERE s.state = 'granted'))::integer AS granted,
         (count(*) FILTER (WHERE s.state = 'held'))::integer AS held,
         (count(*) FILTER (WHERE s.state = 'suspended'))::integer AS suspended,
         (count(*) FILTER (WHERE s.state = 'reversed'))::integer AS reversed
       FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
       LEFT JOIN referral.reward_status s ON s.conversion_id = c.id GROUP BY r.terms_version`,
    );
    return new Map(rows.map((row) => [row.version, row]));
  }
}

function toTermsWithUsage(row: Row, counted: VersionCounts | undefined): TermsWithUsage {
  const { referrals = 0, granted = 0, held = 0, suspended = 0, reversed = 0 } = counted ?? {};
  const takenMs = Number(row.reserved_ms);
  return {
    terms: toTerms(row),
    publishedAt: row.published_at,
    usage: {
      referrals,
      conversions: { granted, held, suspended, reversed },
      budget:
        row.limit_ms === null
          ? null
          : { takenDays: takenMs / dayMs, leftDays: (Number(row.limit_ms) - takenMs) / dayMs },
    },
  };
}
