import type { Queryable } from '../database/tx.js';
import { secondMs } from '../durations.js';
import { reactionQueue } from '../outbox.js';
import { countedAtMost, type Figure, type FigureSource } from './figures.js';

interface Row {
  state: string;
  jobs: number;
  oldest: number | null;
}

/**
 * Each half says word for word what an index of pg-boss covers: what is to be run in the order in which it is, and what
 * failed for good. Ages are by the clock of the database, as all of pg-boss is.
 */
const select = `SELECT state, count(*)::int AS jobs, extract(epoch FROM clock_timestamp() - min(created_on))::float8 AS oldest
  FROM (SELECT CASE state WHEN 'created' THEN 'waiting' ELSE 'retrying' END AS state, created_on FROM pgboss.job
        WHERE name = $1 AND state < 'active' AND NOT blocked ORDER BY priority DESC, created_on LIMIT ${countedAtMost}) due
  GROUP BY state
  UNION ALL SELECT 'failed', count(*)::int, NULL
  FROM (SELECT FROM pgboss.job WHERE name = $1 AND state = 'failed' AND state IN ('created', 'retry', 'active', 'failed')
        LIMIT ${countedAtMost}) failed`;

async function read(db: Queryable): Promise<Figure[]> {
  const rows = await db.query<Row>(select, [reactionQueue]);
  const of = (state: string) => rows.find((row) => row.state === state);
  const jobs = (state: string): Figure => ({
    name: 'twofold_outbox_jobs',
    help: `Reactions, counted up to ${countedAtMost}: waiting for their first run, retrying after a failure, failed for good`,
    labels: { state },
    value: of(state)?.jobs ?? 0,
  });
  const age = (state: string): Figure => ({
    name: 'twofold_outbox_oldest_seconds',
    help: 'Age of the oldest reaction that is still to be run; 0 when there is none',
    labels: { state },
    value: Math.max(0, of(state)?.oldest ?? 0),
  });
  return [...['waiting', 'retrying', 'failed'].map(jobs), ...['waiting', 'retrying'].map(age)];
}

/** What waits in the outbox. */
export const outboxFigures: FigureSource = { name: 'outbox', freshForMs: 10 * secondMs, read };
