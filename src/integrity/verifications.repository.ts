import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';

/** What was checked. */
export interface RowCounts {
  accounts: number;
  entries: number;
  conversions: number;
  referrals: number;
}

/**
 * A verification that has ended. `discrepancies` are all that were found, `stored` those to keep.
 */
export interface EndedVerification {
  startedAt: Date;
  rowCounts: RowCounts;
  discrepancies: number;
  stored: unknown[];
}

/** What the verifications of the ledger found, and how much they compare. */
@Injectable()
export class VerificationsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Stores a verification that ends now. */
  async insert(tx: Tx, { startedAt, rowCounts, discrepancies, stored }: EndedVerification): Promise<void> {
    await tx.query(
      `INSERT INTO platform.verification (id, began_at, ended_at, counted, discrepancies, found) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        ...[newId(this.clock), startedAt, this.clock.now(), JSON.stringify(rowCounts), discrepancies],
        JSON.stringify(stored),
      ],
    );
  }

  /** How many rows there are to compare. */
  async countRows(): Promise<RowCounts> {
    const [row] = await this.database.query<Record<keyof RowCounts, string>>(
      `SELECT (SELECT count(*) FROM credit.account) AS accounts, (SELECT count(*) FROM credit.entry) AS entries,
         (SELECT count(*) FROM referral.conversion) AS conversions, (SELECT count(*) FROM referral.referral) AS referrals`,
    );
    return {
      accounts: Number(row?.accounts),
      entries: Number(row?.entries),
      conversions: Number(row?.conversions),
      referrals: Number(row?.referrals),
    };
  }
}

/** When the last verification ended, and how many discrepancies it found; null before the first. */
export async function findLastVerification(
  db: Queryable,
): Promise<{ ended_at: Date; discrepancies: number } | null> {
  const [last] = await db.query<{ ended_at: Date; discrepancies: number }>(
    `SELECT ended_at, discrepancies FROM platform.verification ORDER BY ended_at DESC LIMIT 1`,
  );
  return last ?? null;
}
