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
  if (missing.length === 0) return [ok('secretKeys', 'allKeysAvailable')];
  const { tombstones, signals } = await countKeyedHashes(db);
  if (tombstones + signals === 0) return [ok('secretKeys', 'unneededKeyMissing')];
  return missing.map(({ id, firstUsedAt }) =>
    problem('secretKeys', 'keyMissing', {
      ...{ id, since: firstUsedAt.toISOString().slice(0, 10) },
      ...{ tombstones, signals },
    }),
  );
}
