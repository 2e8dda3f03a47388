import { matchPeople } from '../../auth/index.js';
import type { Tx } from '../../platform/database/tx.js';
import type { StepResult } from './moving-report.js';
import type { MovingRow } from './moving-row.js';
import type { MovingContext } from './moving-context.js';
import { assignAliases, takenMessage } from './people-step.js';

/**
 * Takes over codes whose owner a row names beside them, by external id or address: files of
 * referred people often say both. Idempotent.
 */
export async function writePartnerAliases(
  context: MovingContext,
  tx: Tx,
  { rows, result }: { rows: readonly MovingRow[]; result: StepResult },
): Promise<void> {
  const naming = rows.filter(
    ({ referrerCode, referrerEmail, referrerExternalId }) =>
      referrerCode !== null && (referrerEmail !== null || referrerExternalId !== null),
  );
  if (naming.length === 0) return;
  const matches = await matchPeople(tx, naming.map(partnerKeys));
  const firstByAlias = new Map<string, { alias: string; userId: string; line: number }>();
  for (const [index, { referrerCode, line }] of naming.entries()) {
    const userId = matches[index]?.byExternalId ?? matches[index]?.byEmail ?? null;
    if (userId === null || referrerCode === null || firstByAlias.has(referrerCode)) continue;
    firstByAlias.set(referrerCode, { alias: referrerCode, userId, line });
  }
  const wanted = [...firstByAlias.values()];
  const outcomes = await assignAliases(context, tx, wanted, result);
  for (const { alias, line } of wanted)
    if (outcomes.get(alias) === 'taken')
      result.addWarning({ line, field: 'referrerCode', value: alias, message: takenMessage });
}

/** How a row names who referred its person, besides the code. */
export function partnerKeys({ referrerEmail, referrerExternalId }: MovingRow) {
  return { email: referrerEmail, externalId: referrerExternalId };
}
