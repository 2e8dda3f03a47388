import type { Queryable } from '../platform/database/tx.js';
import { secondMs } from '../platform/durations.js';
import {
  maxCount,
  secondsSince,
  type GaugeSample,
  type MetricSource,
} from '../platform/observability/metrics/metric-source.js';

const openStatuses = ['pending', 'failed', 'dead'];

interface Row {
  counts: Record<string, number>;
  oldestDue: Date | null;
  enabled: number;
  failing: number;
  disabled: number;
}

/** Each part reads an index, as its order asks, endpoint by endpoint, of which there are few. */
const select = `SELECT
  (SELECT jsonb_object_agg(s.status, (SELECT count(*) FROM (
     SELECT FROM webhooks.endpoint e CROSS JOIN LATERAL (
       SELECT FROM webhooks.delivery d WHERE d.endpoint_id = e.id AND d.status = s.status
       ORDER BY d.id LIMIT ${maxCount}) d
     WHERE e.deleted_at IS NULL LIMIT ${maxCount}) counted))
   FROM unnest($1::text[]) s (status)) AS counts,
  (SELECT min(due.at) FROM webhooks.endpoint e CROSS JOIN LATERAL (
     SELECT d.next_attempt_at AS at FROM webhooks.delivery d
     WHERE d.endpoint_id = e.id AND d.next_attempt_at <= $2 ORDER BY d.next_attempt_at LIMIT 1) due
   WHERE e.disabled_at IS NULL AND e.deleted_at IS NULL) AS "oldestDue",
  count(*) FILTER (WHERE disabled_at IS NULL AND failing_since IS NULL)::int AS enabled,
  count(*) FILTER (WHERE disabled_at IS NULL AND failing_since IS NOT NULL)::int AS failing,
  count(*) FILTER (WHERE disabled_at IS NOT NULL)::int AS disabled
  FROM webhooks.endpoint WHERE deleted_at IS NULL`;

async function read(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const [row] = await db.query<Row>(select, [openStatuses, now]);
  if (row === undefined) throw new Error('An aggregate always has a row');
  const { counts, oldestDue, ...endpoints } = row;
  return [
    ...openStatuses.map((status) => ({
      name: 'twofold_webhook_deliveries',
      help: `Deliveries of webhooks, counted up to ${maxCount}: not tried yet, to be tried again, not tried again`,
      labels: { status },
      value: counts[status] ?? 0,
    })),
    {
      name: 'twofold_webhook_oldest_due_seconds',
      help: 'How long the oldest delivery that is due has waited, of endpoints that are enabled; 0 when there is none',
      value: oldestDue === null ? 0 : secondsSince(oldestDue, now),
    },
    ...Object.entries(endpoints).map(([state, value]) => ({
      name: 'twofold_webhook_endpoints',
      help: 'Endpoints of webhooks; failing: the last attempt failed, and it is still tried',
      labels: { state },
      value,
    })),
  ];
}

/** How deliveries and endpoints are. */
export const webhookMetrics: MetricSource = { name: 'webhooks', cacheMs: 10 * secondMs, read };
