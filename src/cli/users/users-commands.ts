import type { Command } from 'commander';
import * as argument from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { userColumns } from './csv-columns.js';

// Loaded when a command runs: help and refusals need none of it.
const loadAccounts = () => import('./accounts.js');
const loadImport = () => import('./import-users.js');
const loadExport = () => import('./export-users.js');

/** Adds the `users` commands. */
export function addUserCommands(program: Command, context: CommandContext): void {
  const users = program.command('users').description('import, export, merge and erase users');
  users
    .command('import')
    .description('import users from a CSV file: all rows, or none if a row is invalid')
    .argument('<file>', `header: ${userColumns.join(',')}; only email is required`)
    .option('--dry-run', 'show what is wrong, write nothing')
    .option('--problems <file>', 'write every problem and warning to this CSV file')
    .option('--quiet', 'show no progress')
    .action((file: string, options) =>
      context.runInApplication(options, async (get) => (await loadImport()).importUsers(get, file, options)),
    );
  users
    .command('sign-out')
    .description('end every session of an account')
    .argument('<email>')
    .action((email: string, options) =>
      context.runInApplication(options, async (get) => (await loadAccounts()).signOutEverywhere(get, email)),
    );
  users
    .command('reset-second-factor')
    .description('remove all second factors of an account that lost them, and end its sessions')
    .argument('<email>')
    .action((email: string, options) =>
      context.runInApplication(options, async (get) => (await loadAccounts()).resetSecondFactor(get, email)),
    );
  users
    .command('export')
    .description('export all users as CSV, in the format of users import')
    .option('--output <file>', 'write to this file instead of standard output')
    .action((options) =>
      context.runOnDatabase(options, async (database) => (await loadExport()).exportUsers(database, options)),
    );
  addAccountCommands(users, context);
}

/** Adds `users merge`, `unmerge`, `export-data` and `erase`. */
function addAccountCommands(users: Command, context: CommandContext): void {
  users
    .command('merge')
    .description('merge two accounts of the same person; preview with --dry-run')
    .argument('<from-email>', 'the account to close')
    .argument('<into-email>', 'the account to keep')
    .requiredOption('--reason <text>', 'the reason; kept until the person is erased', argument.reason)
    .option('--dry-run', 'show what would happen, write nothing')
    .action((from: string, into: string, options) =>
      context.runInApplication(options, async (get) =>
        (await loadAccounts()).mergeAccounts(get, { from, into, ...options }),
      ),
    );
  users
    .command('unmerge')
    .description('undo a merge within 30 days, unless something prevents it')
    .argument('<merge-id>', 'id from users merge', argument.id)
    .requiredOption('--reason <text>', 'the reason; kept until the person is erased', argument.reason)
    .action((mergeId: string, options) =>
      context.runInApplication(options, async (get) =>
        (await loadAccounts()).unmergeAccounts(get, mergeId, options.reason),
      ),
    );
  users
    .command('export-data')
    .description('export all data of a user as JSON, at their request')
    .argument('<email>')
    .option('--output <file>', 'write to this file, readable only by you, instead of standard output')
    .action((email: string, options) =>
      context.runInApplication(options, async (get) =>
        (await loadAccounts()).exportUserData(get, email, options),
      ),
    );
  users
    .command('erase')
    .description('erase a user permanently, at their request')
    .argument('<email>')
    .option('--yes', 'erase; without it the command only shows what would be done')
    .action((email: string, options) =>
      context.runInApplication(options, async (get) => (await loadAccounts()).eraseUser(get, email, options)),
    );
}
