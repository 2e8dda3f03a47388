import { Counter } from 'prom-client';
import { onCommit } from '../../platform/database/on-commit.js';
import type { Tx } from '../../platform/database/tx.js';
import { registry } from '../../platform/metrics/registry.js';

const conversions = new Counter({
  name: 'twofold_conversions_total',
  help: 'Referrals that this process has converted',
  registers: [registry],
});

/** Counts a conversion once it is committed. */
export function countConversion(tx: Tx): void {
  onCommit(tx, () => conversions.inc());
}
