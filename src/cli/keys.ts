import type { Command } from 'commander';
import { type CommandContext, CommandError, type CommandReport } from './command-context.js';
import { Database } from '../platform/database/database.js';
import { SecretKeys, listKeyUsage } from '../platform/security/secret-keys.js';
import { Secrets } from '../platform/security/secrets.js';
import type { GetService } from './application.js';

/** Adds `keys list` and `keys give-up`. */
export function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('which secret keys were ever used here, by fingerprint');
  keys
    .command('list')
    .description('each with whether it is still known')
    .action((options) => context.runInApplication(options, listKeys));
  keys
    .command('give-up')
    .description('say that a missing key will not come back, and that what only it recognises is lost')
    .argument('<fingerprint>', 'as keys list shows it')
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

/** Gives a missing key up. Errors: Problem for one that is not missing. */
export async function discardKey(get: GetService, id: string): Promise<CommandReport> {
  const done = await get(Database).transaction((tx) => get(SecretKeys).discard(tx, id));
  if (!done) throw new CommandError('That key is not missing. `twofold keys list` shows which are.');
  return { json: { id, state: 'discarded' }, lines: [`${id} is given up.`] };
}
