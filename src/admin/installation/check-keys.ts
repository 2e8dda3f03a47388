import { problem, ok, type CheckResult } from '../../platform/check-result.js';
import type { Queryable } from '../../platform/database/tx.js';
import { listKeyUsage } from '../../platform/security/secret-keys.repository.js';
import { countKeyedHashes } from '../../referral/index.js';

/**
 * Whether every key is still configured that permanent data was made with. `configuredIds` are the
 * fingerprints of the configured keys.
 */
export async function checkKeys(db: Queryable, configuredIds: readonly string[]): Promise<CheckResult[]> {
  const keys = await listKeyUsage(db, configuredIds);
  const missing = keys.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return [ok('secret keys', 'all keys ever used here are available')];
  const { tombstones, signals } = await countKeyedHashes(db);
  if (tombstones + signals === 0)
    return [ok('secret keys', 'one is missing, but no stored data depends on it')];
  return missing.map(({ id, firstUsedAt }) =>
    problem(
      'secret keys',
      `the key ${id}, in use since ${firstUsedAt.toISOString().slice(0, 10)}, is missing: ${tombstones} erased people who ` +
        `were rewarded and ${signals} shared signals may not be recognised, so a person may be rewarded twice`,
      `Put it into SECRET_KEY_RETIRED. If it is lost: npx twofold keys discard ${id}`,
    ),
  );
}
