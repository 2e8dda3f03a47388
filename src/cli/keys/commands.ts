import type { Command } from 'commander';
import type { Desk } from '../desk.js';
import { giveUpKey, listKeys } from './keys.js';

/** Adds `keys list` and `keys give-up`. */
export function addKeyCommands(program: Command, desk: Desk): void {
  const keys = program.command('keys').description('which secret keys were ever used here, by fingerprint');
  keys
    .command('list')
    .description('each with whether it is still known')
    .action((options) => desk.answerFrom(options, listKeys));
  keys
    .command('give-up')
    .description('say that a missing key will not come back, and that what only it recognises is lost')
    .argument('<fingerprint>', 'as keys list shows it')
    .action((id: string, options) => desk.answerFrom(options, (get) => giveUpKey(get, id)));
}
