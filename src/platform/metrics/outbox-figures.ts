import type { Queryable } from '../database/tx.js';
import { secondMs } from '../durations.js';
import { reactionQueue } from '../outbox.js';
import { countedAtMost, type Figure, type FigureSource } from './figures.js';

/** Read by pg-boss's own clock, which is the database's: a reaction that was written in the world of a test is due now. */
async function read(db: Queryable): Promise<Figure[]> {
  const rows = await db.query<{ state: string; jobs: number; oldest: number | null }>(
    `SELECT state::text, count(*)::int AS jobs,
       extract(epoch FROM clock_timestamp() - min(created_on))::float8 AS oldest
     FROM (SELECT state, created_on FROM pgboss.job WHERE name = $1 AND state < 'active' LIMIT ${countedAtMost}) waiting
     GROUP BY state`,
    [reactionQueue],
  );
  const of = (state: string) => rows.find((row) => row.state === state);
  return [
    ['created', 'waiting'],
    ['retry', 'retrying'],
  ].flatMap(([state = '', shown = '']) => [
    {
      name: 'twofold_outbox_jobs',
      help: `Reactions that are still to be run, counted up to ${countedAtMost}; retrying: failed, and will be tried again`,
      labels: { state: shown },
      value: of(state)?.jobs ?? 0,
    },
    {
      name: 'twofold_outbox_oldest_seconds',
      help: 'Age of the oldest reaction that is still to be run; 0 when there is none',
      labels: { state: shown },
      value: Math.max(0, of(state)?.oldest ?? 0),
    },
  ]);
}

/** What waits in the outbox. */
export const outboxFigures: FigureSource = { name: 'outbox', freshForMs: 10 * secondMs, read };
