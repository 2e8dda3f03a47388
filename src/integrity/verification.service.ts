import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { Log } from '../platform/observability/logging/log.js';
import { IntegrityChecks } from './integrity-checks.js';
import type { Discrepancy } from './conversion-invariants.js';

/** What was checked. */
export interface RowCounts {
  accounts: number;
  entries: number;
  conversions: number;
  referrals: number;
}

/** What a verification found. */
export interface VerificationResult {
  rowCounts: RowCounts;
  discrepancies: Discrepancy[];
}

/** Who wants to hear how far it is. */
export interface ProgressListener {
  onCheck?: (name: string) => void;
  onProgress?: (what: string, rows: number) => void;
}

const maxStoredDiscrepancies = 100;

/** Proves that what is stored equals its history. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly checks: IntegrityChecks,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Compares everything. It only reads. */
  async run({ onCheck, onProgress }: ProgressListener = {}): Promise<VerificationResult> {
    const found: Discrepancy[] = [];
    for (const { name, discrepancies } of this.checks.list(this.database, onProgress)) {
      onCheck?.(name);
      for await (const discrepancy of discrepancies) found.push(discrepancy);
    }
    return { rowCounts: await this.countRows(), discrepancies: found };
  }

  /**
   * Compares everything and keeps what came of it, for the metrics; an alert reports discrepancies. Payments go on
   * meanwhile, and an audit of several reads may see half of one: only what a second look finds again is kept.
   */
  async runAndRecord(): Promise<VerificationResult> {
    const startedAt = this.clock.now();
    const first = await this.run();
    const result = first.discrepancies.length === 0 ? first : this.keepRepeated(first, await this.run());
    const { rowCounts, discrepancies } = result;
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO platform.verification (id, began_at, ended_at, counted, discrepancies, found) VALUES ($1, $2, $3, $4, $5, $6)`,
        [
          ...[
            newId(this.clock),
            startedAt,
            this.clock.now(),
            JSON.stringify(rowCounts),
            discrepancies.length,
          ],
          JSON.stringify(discrepancies.slice(0, maxStoredDiscrepancies)),
        ],
      ),
    );
    if (discrepancies.length > 0)
      this.log.alert('verify.discrepancies', {
        discrepancies: discrepancies.length,
        first: discrepancies.slice(0, 3),
      });
    return result;
  }

  private keepRepeated(first: VerificationResult, second: VerificationResult): VerificationResult {
    const name = ({ userId, problem }: Discrepancy) => `${userId} ${problem}`;
    const known = new Set(first.discrepancies.map(name));
    return { ...second, discrepancies: second.discrepancies.filter((one) => known.has(name(one))) };
  }

  private async countRows(): Promise<RowCounts> {
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
