import type { Queryable } from '../platform/database/tx.js';
import { secondMs } from '../platform/durations.js';
import {
  secondsSince,
  type GaugeSample,
  type MetricSource,
} from '../platform/observability/metrics/metric-source.js';

async function readIntegrityMetrics(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const [last] = await db.query<{ ended_at: Date; discrepancies: number }>(
    `SELECT ended_at, discrepancies FROM platform.verification ORDER BY ended_at DESC LIMIT 1`,
  );
  if (last === undefined) return [];
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
