import { ok, problem, type Diagnosis } from '../../platform/diagnosis.js';
import type { Queryable } from '../../platform/database/tx.js';
import { usedKeys } from '../../platform/secret-keys.js';
import { keptHashes } from '../../referral/index.js';

const check = 'secret keys';

/** Whether every key is still here that something kept for good was made with. `present`: fingerprints of the keys that are. */
export async function checkKeys(db: Queryable, present: readonly string[]): Promise<Diagnosis[]> {
  const keys = await usedKeys(db, present);
  const missing = keys.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return [ok(check, 'all that were ever used here are known')];
  const { tombstones, signals } = await keptHashes(db);
  if (tombstones + signals === 0) return [ok(check, 'one is gone, and nothing was kept that it made')];
  return missing.map(({ id, firstUsedAt }) =>
    problem(
      check,
      `the key ${id}, in use since ${firstUsedAt.toISOString().slice(0, 10)}, is gone: of ${tombstones} erased people who ` +
        `were rewarded and ${signals} shared signals, those that it made are not recognised, so somebody may be rewarded twice`,
      `Put it into SECRET_KEY_RETIRED. If nobody has it any more: npx twofold keys give-up ${id}`,
    ),
  );
}
