import { ok, problem, type CheckResult } from '../../platform/check-result.js';
import type { Queryable } from '../../platform/database/tx.js';
import { listKeyUsage } from '../../platform/security/secret-keys.js';
import { countKeyedHashes } from '../../referral/index.js';

const checkName = 'secret keys';

/** Whether every key is still here that something kept for good was made with. `present`: fingerprints of the keys that are. */
export async function checkKeys(db: Queryable, configuredIds: readonly string[]): Promise<CheckResult[]> {
  const keys = await listKeyUsage(db, configuredIds);
  const missing = keys.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return [ok(checkName, 'all that were ever used here are known')];
  const { tombstones, signals } = await countKeyedHashes(db);
  if (tombstones + signals === 0) return [ok(checkName, 'one is gone, and nothing was kept that it made')];
  return missing.map(({ id, firstUsedAt }) =>
    problem(
      checkName,
      `the key ${id}, in use since ${firstUsedAt.toISOString().slice(0, 10)}, is gone: of ${tombstones} erased people who ` +
        `were rewarded and ${signals} shared signals, those that it made are not recognised, so somebody may be rewarded twice`,
      `Put it into SECRET_KEY_RETIRED. If nobody has it any more: npx twofold keys give-up ${id}`,
    ),
  );
}
