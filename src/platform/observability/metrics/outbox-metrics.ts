import type { Queryable } from '../../database/tx.js';
import { secondMs } from '../../durations.js';
import { laneNames } from '../../jobs/lanes.js';
import { maxCount, type GaugeSample, type MetricSource } from './metric-source.js';

interface Row {
  queue: string;
  state: string;
  jobs: number;
  oldest: number | null;
}

/** The label of events that are no jobs yet, and so in no lane. */
const outboxLabel = 'outbox';

/**
 * Each part about jobs says word for word what an index of pg-boss covers: what is to be run in the
 * order in which it is, and what failed for good. Ages are by the clock of the database, as all of
 * pg-boss is.
 */
const select = `SELECT queue, state, count(*)::int AS jobs, extract(epoch FROM clock_timestamp() - min(created_on))::float8 AS oldest
  FROM unnest($1::text[]) queue, LATERAL (
    SELECT CASE state WHEN 'created' THEN 'waiting' ELSE 'retrying' END AS state, created_on FROM pgboss.job
    WHERE name = queue AND state < 'active' AND NOT blocked ORDER BY priority DESC, created_on LIMIT ${maxCount}) due
  GROUP BY 1, 2
  UNION ALL SELECT queue, 'failed', count(*)::int, NULL
  FROM unnest($1::text[]) queue, LATERAL (
    SELECT FROM pgboss.job WHERE name = queue AND state = 'failed' AND state IN ('created', 'retry', 'active', 'failed')
    LIMIT ${maxCount}) failed GROUP BY 1
  UNION ALL SELECT $2::text, 'waiting', count(*)::int, extract(epoch FROM clock_timestamp() - min(published_at))::float8
  FROM (SELECT published_at FROM platform.outbox ORDER BY id LIMIT ${maxCount}) published`;

async function read(db: Queryable): Promise<GaugeSample[]> {
  const rows = await db.query<Row>(select, [laneNames, outboxLabel]);
  return [outboxLabel, ...laneNames].flatMap((queue) =>
    laneSamples(
      queue,
      rows.filter((row) => row.queue === queue),
    ),
  );
}

function laneSamples(lane: string, rows: Row[]): GaugeSample[] {
  const rowOf = (state: string) => rows.find((row) => row.state === state);
  const jobs = (state: string): GaugeSample => ({
    name: 'twofold_outbox_jobs',
    help: `Event handlers, counted up to ${maxCount} a lane: waiting for their first run, retrying after a failure, failed permanently; in the lane "outbox", events whose handlers are not in a lane yet`,
    labels: { lane, state },
    value: rowOf(state)?.jobs ?? 0,
  });
  const age = (state: string): GaugeSample => ({
    name: 'twofold_outbox_oldest_seconds',
    help: 'Age of the oldest event handler that waits to run, or of the oldest event in the lane "outbox"; 0 when there is none',
    labels: { lane, state },
    value: Math.max(0, rowOf(state)?.oldest ?? 0),
  });
  return [...['waiting', 'retrying', 'failed'].map(jobs), ...['waiting', 'retrying'].map(age)];
}

/** What waits in the outbox, by lane. */
export const outboxMetrics: MetricSource = { name: 'outbox', cacheMs: 10 * secondMs, read };
