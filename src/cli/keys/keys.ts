import { Database } from '../../platform/database/database.js';
import { SecretKeys, usedKeys } from '../../platform/secret-keys.js';
import { Secrets } from '../../platform/secrets.js';
import type { Get } from '../application.js';
import { Problem } from '../exit-codes.js';
import type { Report } from '../report.js';

/** Every secret key that was ever used. A missing one is a problem. */
export async function listKeys(get: Get): Promise<Report> {
  const keys = await usedKeys(get(Database), get(Secrets).keyIds());
  return {
    json: { keys },
    lines: keys.map(({ id, firstUsedAt, state }) => `${id}  since ${firstUsedAt.toISOString()}  ${state}`),
    problem: keys.some(({ state }) => state === 'missing'),
  };
}

/** Gives a missing key up. Errors: Problem for one that is not missing. */
export async function giveUpKey(get: Get, id: string): Promise<Report> {
  const done = await get(Database).transaction((tx) => get(SecretKeys).giveUp(tx, id));
  if (!done) throw new Problem('That key is not missing. `twofold keys list` shows which are.');
  return { json: { id, state: 'given up' }, lines: [`${id} is given up.`] };
}
