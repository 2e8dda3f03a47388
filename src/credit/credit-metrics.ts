import { type Queryable, onCommit, type Tx } from '../platform/database/tx.js';
import { minuteMs } from '../platform/durations.js';
import type { GaugeSample, MetricSource } from '../platform/observability/metrics/metric-source.js';
import { Counter } from 'prom-client';
import { registry } from '../platform/observability/metrics/process-metrics.js';
import { readCreditLiability } from './ledger/credit-account.repository.js';
import type { CreditEntry } from './ledger/credit-entry.js';

async function readCreditMetrics(db: Queryable, now: Date): Promise<GaugeSample[]> {
  const { people, days } = await readCreditLiability(db, now);
  return [
    {
      name: 'twofold_credit_liability_days',
      help: 'Unused days of credit of all accounts',
      value: days,
    },
    {
      name: 'twofold_credit_accounts',
      help: 'Accounts with unused credit',
      value: people,
    },
  ];
}

/**
 * What the ledger still owes. Read rarely: it reads an index entry for everybody who has credit.
 */
export const creditMetrics: MetricSource = { name: 'credit', cacheMs: 5 * minuteMs, read: readCreditMetrics };

const entryCounter = new Counter({
  name: 'twofold_credit_entries_total',
  help: 'Entries that this process added to the credit ledger, by kind',
  labelNames: ['kind'],
  registers: [registry],
});

/** Counts ledger entries once they are committed. */
export function countEntries(tx: Tx, entries: readonly Pick<CreditEntry, 'kind'>[]): void {
  onCommit(tx, () => entries.forEach(({ kind }) => entryCounter.inc({ kind })));
}
