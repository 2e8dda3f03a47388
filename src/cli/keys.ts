import type { Command } from 'commander';
import { type CommandContext, CommandError, type CommandReport } from './command-context.js';
import { Database } from '../platform/database/database.js';
import { SecretKeys } from '../platform/security/secret-keys.js';
import { listKeyUsage } from '../platform/security/secret-keys.repository.js';
import { Secrets } from '../platform/security/secrets.js';
import type { GetService } from './application.js';

/** Adds `keys list` and `keys discard`. */
export function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('secret keys ever used here, by fingerprint');
  keys
    .command('list')
    .description('list them, and whether each is still available')
    .action((options) => context.runInApplication(options, listKeys));
  keys
    .command('discard')
    .description('accept that a missing key is lost, and with it what only that key can recognise')
    .argument('<fingerprint>', 'fingerprint from keys list')
    .action((id: string, options) => context.runInApplication(options, (get) => discardKey(get, id)));
}

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
