import type { Command } from 'commander';
import * as argument from '../arguments.js';
import type { Desk } from '../desk.js';
import { mergeAccounts, undoMerge } from './merge-accounts.js';
import { erasePerson, exportPerson } from './person.js';

/** Adds what ends accounts: `merge`, `undo-merge`, `export-person`, `erase-person`. */
export function addLifeCommands(program: Command, desk: Desk): void {
  program
    .command('merge')
    .description('make one account live on in another of the same person; first look with --dry-run')
    .argument('<from-email>', 'the account that ends')
    .argument('<into-email>', 'the account that stays')
    .requiredOption('--reason <text>', 'why; kept until the person is erased', argument.reason)
    .option('--dry-run', 'tell what would happen, write nothing')
    .action((from: string, into: string, options) =>
      desk.answerFrom(options, (get) => mergeAccounts(get, { from, into, ...options })),
    );
  program
    .command('undo-merge')
    .description('take a merge apart, within 30 days and as long as nothing contradicts it')
    .argument('<merge-id>', 'as merge shows it', argument.id)
    .requiredOption('--reason <text>', 'why; kept until the person is erased', argument.reason)
    .action((mergeId: string, options) =>
      desk.answerFrom(options, (get) => undoMerge(get, mergeId, options.reason)),
    );
  program
    .command('export-person')
    .description('all that is stored about somebody, as JSON, at their request')
    .argument('<email>')
    .option('--output <file>', 'write there, readable by you alone, instead of standard output')
    .action((email: string, options) => desk.answerFrom(options, (get) => exportPerson(get, email, options)));
  program
    .command('erase-person')
    .description('erase somebody for good, at their request')
    .argument('<email>')
    .option('--yes', 'do it; without this it only tells what would be done')
    .action((email: string, options) => desk.answerFrom(options, (get) => erasePerson(get, email, options)));
}
