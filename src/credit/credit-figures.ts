import type { Queryable } from '../platform/database/tx.js';
import { minuteMs } from '../platform/durations.js';
import type { Figure, FigureSource } from '../platform/metrics/figures.js';

async function read(db: Queryable, now: Date): Promise<Figure[]> {
  const [row] = await db.query<{ people: number; days: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(extract(epoch FROM until - $1::timestamptz)) / 86400, 0)::float8 AS days
     FROM credit.account WHERE until > $1`,
    [now],
  );
  return [
    {
      name: 'twofold_credit_liability_days',
      help: 'Days of credit that are still ahead, of everybody together',
      value: row?.days ?? 0,
    },
    {
      name: 'twofold_credit_people',
      help: 'Accounts that have credit ahead',
      value: row?.people ?? 0,
    },
  ];
}

/** What the ledger still owes. Rarely: it reads one line of an index for everybody who has credit. */
export const creditFigures: FigureSource = { name: 'credit', freshForMs: 5 * minuteMs, read };
