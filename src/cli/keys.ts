import { Database } from '../platform/database/database.js';
import { SecretKeys } from '../platform/security/secret-keys.js';
import { listKeyUsage } from '../platform/security/secret-keys.repository.js';
import { Secrets } from '../platform/security/secrets.js';
import { CommandError, type CommandReport, type GetService } from './command-context.js';

/** Every secret key that was ever used. A missing one is a problem. */
export async function listKeys(get: GetService): Promise<CommandReport> {
  const keys = await listKeyUsage(get(Database), get(Secrets).keyIds());
  return {
    json: { keys },
    lines: keys.map(({ id, firstUsedAt, state }) => `${id}  since ${firstUsedAt.toISOString()}  ${state}`),
    problem: keys.some(({ state }) => state === 'missing'),
  };
}

/** Marks a missing key as lost. Errors: CommandError for one that is not missing. */
export async function discardKey(get: GetService, id: string): Promise<CommandReport> {
  const done = await get(Database).transaction((tx) => get(SecretKeys).discard(tx, id));
  if (!done)
    throw new CommandError('That key is not missing. See the missing ones with `twofold keys list`.');
  return { json: { id, state: 'discarded' }, lines: [`Discarded ${id}.`] };
}
