import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Queryable } from '../platform/database/tx.js';
import { secondMs } from '../platform/durations.js';
import { Log } from '../platform/observability/logging/log.js';
import {
  secondsSince,
  type GaugeSample,
  type MetricSource,
} from '../platform/observability/metrics/metric-source.js';
import type { Discrepancy } from './conversion-invariants.js';
import { IntegrityChecks } from './integrity-checks.js';
import { findLastVerification, VerificationsRepository, type RowCounts } from './verifications.repository.js';

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
    private readonly verifications: VerificationsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Compares everything. It writes nothing but totals that are older than what they add up. */
  async run({ onCheck, onProgress }: ProgressListener = {}): Promise<VerificationResult> {
    const found: Discrepancy[] = [];
    for (const { name, discrepancies } of this.checks.list(this.database, onProgress)) {
      onCheck?.(name);
      for await (const discrepancy of discrepancies) found.push(discrepancy);
    }
    return { rowCounts: await this.verifications.countRows(), discrepancies: found };
  }

  /**
   * Compares everything and keeps what came of it, for the metrics; an alert reports discrepancies.
   * Payments go on meanwhile, and an audit of several reads may see half of one: only what a second
   * look finds again is kept.
   */
  async runAndRecord(): Promise<VerificationResult> {
    const startedAt = this.clock.now();
    const first = await this.run();
    const result = first.discrepancies.length === 0 ? first : this.keepRepeated(first, await this.run());
    const { rowCounts, discrepancies } = result;
    await this.database.transaction((tx) =>
      this.verifications.insert(tx, {
        ...{ startedAt, rowCounts, discrepancies: discrepancies.length },
        stored: discrepancies.slice(0, maxStoredDiscrepancies),
      }),
    );
    if (discrepancies.length > 0)
      this.log.alert('verify.discrepancies', {
        discrepancies: discrepancies.length,
        first: discrepancies.slice(0, 3),
      });
    return result;
  }

  private keepRepeated(first: VerificationResult, second: VerificationResult): VerificationResult {
    const name = ({ userId, problem }: Discrepancy) => `${String(userId)} ${problem}`;
    const known = new Set(first.discrepancies.map(name));
    return { ...second, discrepancies: second.discrepancies.filter((one) => known.has(name(one))) };
  }
}

async function readIntegrityMetrics(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const last = await findLastVerification(db);
  if (last === null) return [];
  return [
    {
      name: 'twofold_verify_age_seconds',
      help: 'Seconds since a worker last verified the ledger; absent before the first run',
      value: secondsSince(last.ended_at, now),
    },
    {
      name: 'twofold_verify_discrepancies',
      help: 'Discrepancies found by the last verification of the ledger',
      value: last.discrepancies,
    },
  ];
}

/** What the last verification said. */
export const integrityMetrics: MetricSource = {
  name: 'verification',
  cacheMs: 10 * secondMs,
  read: readIntegrityMetrics,
};
