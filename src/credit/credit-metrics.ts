import { type Queryable, onCommit, type Tx } from '../platform/database/tx.js';
import { minuteMs } from '../platform/durations.js';
import type { GaugeSample, MetricSource } from '../platform/observability/metrics/metric-source.js';
import { Counter } from 'prom-client';
import { registry } from '../platform/observability/metrics/process-metrics.js';
import type { CreditEntry } from './ledger/credit-entry.js';

async function readCreditMetrics(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const [row] = await db.query<{ people: number; days: number }>(
    `SELECT count(*)::int AS people, coalesce(sum(extract(epoch FROM until - $1::timestamptz)) / 86400, 0)::float8 AS days
     FROM credit.account WHERE until > $1`,
    [now],
  );
  return [
    {
      name: 'twofold_credit_liability_days',
      help: 'Unused days of credit of all accounts',
      value: row?.days ?? 0,
    },
    {
      name: 'twofold_credit_accounts',
      help: 'Accounts with unused credit',
      value: row?.people ?? 0,
    },
  ];
}

/** What the ledger still owes. Rarely: it reads one line of an index for everybody who has credit. */
export const creditMetrics: MetricSource = { name: 'credit', cacheMs: 5 * minuteMs, read: readCreditMetrics };

const entryCounter = new Counter({
  name: 'twofold_credit_entries_total',
  help: 'Entries that this process added to the credit ledger, by kind',
  labelNames: ['kind'],
  registers: [registry],
});

/** Counts lines of the ledger once they are committed. */
export function countEntries(tx: Tx, entries: readonly Pick<CreditEntry, 'kind'>[]): void {
  onCommit(tx, () => entries.forEach(({ kind }) => entryCounter.inc({ kind })));
}
