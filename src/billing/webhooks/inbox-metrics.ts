import type { Queryable } from '../../platform/database/tx.js';
import { secondMs } from '../../platform/durations.js';
import {
  maxCount,
  secondsSince,
  type GaugeSample,
  type MetricSource,
} from '../../platform/observability/metrics/metric-source.js';

interface Row {
  status: string;
  events: number;
  oldest: Date | null;
}

/**
 * Each status is a range of an index, of which the oldest is the first. The statuses stand in the text: of a parameter the
 * planner thinks that it may be the status that nearly all events have, and reads the table.
 */
const select = ['parked', 'failed', 'dead']
  .map(
    (status) =>
      `SELECT '${status}' AS status,
         (SELECT count(*) FROM (SELECT FROM billing.inbox WHERE status = '${status}' LIMIT ${maxCount}) few)::int AS events,
         (SELECT received_at FROM billing.inbox WHERE status = '${status}' ORDER BY received_at LIMIT 1) AS oldest`,
  )
  .join(' UNION ALL ');

async function read(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const rows = await db.query<Row>(select);
  const [compared] = await db.query<{ compared_until: Date }>(
    `SELECT compared_until FROM billing.reconciliation_cursor WHERE kind = 'events'`,
  );
  return [
    ...rows.flatMap((row) => toGauges(row, now)),
    ...(compared === undefined ? [] : [reconciliationAge(compared, now)]),
  ];
}

function toGauges(row: Row, now: Date): GaugeSample[] {
  const labels = { status: row.status };
  return [
    {
      name: 'twofold_inbox_events',
      help: `Stripe events received and not applied, counted up to ${maxCount}`,
      labels,
      value: row.events,
    },
    {
      name: 'twofold_inbox_oldest_seconds',
      help: 'Age of the oldest event received and not applied; 0 when there is none',
      labels,
      value: row.oldest === null ? 0 : secondsSince(row.oldest, now),
    },
  ];
}

function reconciliationAge({ compared_until: reachedAt }: { compared_until: Date }, now: Date): GaugeSample {
  return {
    name: 'twofold_reconciliation_age_seconds',
    help: 'How far back the last comparison with the events at Stripe reached; absent before the first one',
    value: secondsSince(reachedAt, now),
  };
}

/** What waits in the inbox. */
export const inboxMetrics: MetricSource = { name: 'inbox', cacheMs: 10 * secondMs, read };
