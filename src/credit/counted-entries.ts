import { Counter } from 'prom-client';
import { onCommit } from '../platform/database/on-commit.js';
import type { Tx } from '../platform/database/tx.js';
import { registry } from '../platform/metrics/registry.js';
import type { LedgerLine } from './ledger-line.js';

const entries = new Counter({
  name: 'twofold_credit_entries_total',
  help: 'Lines that were added to the credit ledger by this process, by kind',
  labelNames: ['kind'],
  registers: [registry],
});

/** Counts lines of the ledger once they are committed. */
export function countEntries(tx: Tx, lines: readonly Pick<LedgerLine, 'kind'>[]): void {
  onCommit(tx, () => lines.forEach(({ kind }) => entries.inc({ kind })));
}
