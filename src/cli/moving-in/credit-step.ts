import { ImportedCredit } from '../../credit/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { operator } from '../application.js';
import { identifyRows } from './identify.js';
import type { StepResult } from './moving-report.js';
import type { MovingRow } from './moving-row.js';
import type { MovingContext } from './moving-context.js';

/** Grants the days that the tool still owes, once for each key. Idempotent. */
export async function writeCredit(
  { get, tool }: MovingContext,
  tx: Tx,
  { rows, result }: { rows: readonly MovingRow[]; result: StepResult },
): Promise<void> {
  const owing = rows.filter(({ creditDays }) => creditDays !== null);
  if (owing.length === 0) return;
  const identified = await identifyRows(tx, owing);
  const owed = identified.flatMap(({ row: { creditDays: days, creditKey: key }, userId, conflict }) =>
    userId === null || conflict !== null || days === null || key === null ? [] : { userId, days, key },
  );
  if (owed.length === 0) return;
  const granted = await get(ImportedCredit).grantOwed(tx, owed, {
    tool: tool.name,
    reason: `Owed by ${tool.title}, which was used before`,
    actor: operator,
  });
  result.count('credited', granted.size);
  result.count('creditedBefore', owed.length - granted.size);
}
