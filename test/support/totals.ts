import { TotalsStore } from '../../src/admin/index.js';
import type { World } from './world.js';

/** Stores the totals of the statistics, as is done every hour. */
export async function storeTotals({ app }: World): Promise<void> {
  const totals = app.get(TotalsStore, { strict: false });
  for (const part of ['statistics', 'liability'] as const) await totals.refresh(part);
}
