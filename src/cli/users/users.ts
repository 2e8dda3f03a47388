import type { Command } from 'commander';
import type { CommandContext, CommandReport } from '../command-context.js';
import { userColumns } from './csv-columns.js';
import { exportUsers } from './export-users.js';
import { importUsers } from './import-users.js';
import { StaffSignOut, AuthService } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import type { GetService } from '../application.js';
import { operator, findUserByEmail } from '../find-user.js';
import * as argument from '../arguments.js';
import { mergeAccounts, unmergeAccounts, eraseUser, exportUserData } from './accounts.js';

/** Adds the `users` commands. */
export function addUserCommands(program: Command, context: CommandContext): void {
  const users = program.command('users').description('import, export, merge and erase users');
  users
    .command('import')
    .description('import users from a CSV file: all rows, or none if a row is invalid')
    .argument('<file>', `header: ${userColumns.join(',')}; only email is required`)
    .option('--dry-run', 'show what is wrong, write nothing')
    .action((file: string, options) =>
      context.runInApplication(options, (get) => importUsers(get, file, { dryRun: options.dryRun === true })),
    );
  users
    .command('sign-out')
    .description('end every session of an account')
    .argument('<email>')
    .action((email: string, options) =>
      context.runInApplication(options, (get) => signOutEverywhere(get, email)),
    );
  users
    .command('export')
    .description('export all users as CSV, in the format of users import')
    .option('--output <file>', 'write to this file instead of standard output')
    .action((options) => context.runInApplication(options, (get) => exportUsers(get, options)));
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
      context.runInApplication(options, (get) => mergeAccounts(get, { from, into, ...options })),
    );
  users
    .command('unmerge')
    .description('undo a merge within 30 days, unless something prevents it')
    .argument('<merge-id>', 'id from users merge', argument.id)
    .requiredOption('--reason <text>', 'the reason; kept until the person is erased', argument.reason)
    .action((mergeId: string, options) =>
      context.runInApplication(options, (get) => unmergeAccounts(get, mergeId, options.reason)),
    );
  users
    .command('export-data')
    .description('export all data of a user as JSON, at their request')
    .argument('<email>')
    .option('--output <file>', 'write to this file, readable only by you, instead of standard output')
    .action((email: string, options) =>
      context.runInApplication(options, (get) => exportUserData(get, email, options)),
    );
  users
    .command('erase')
    .description('erase a user permanently, at their request')
    .argument('<email>')
    .option('--yes', 'erase; without it the command only shows what would be done')
    .action((email: string, options) =>
      context.runInApplication(options, (get) => eraseUser(get, email, options)),
    );
}

/** Ends every session of an account. Errors: CommandError for an unknown address. */
export async function signOutEverywhere(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email);
  await get(Database).transaction((tx) => get(StaffSignOut).revokeAll(tx, user.id, operator));
  return { json: { userId: user.id, signedOut: true }, lines: [`Signed out ${user.email} everywhere.`] };
}

const signInHint =
  '\nSign in once and try again, or list the address in ADMIN_EMAILS before the first sign-in.';

/** Gives an existing user the role `admin`. Idempotent. Errors: CommandError for an unknown address. */
export async function makeAdmin(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email, signInHint);
  await get(Database).transaction((tx) => get(AuthService).setRole(tx, user.id, 'admin', operator));
  const changed = user.role !== 'admin';
  return {
    json: { userId: user.id, email: user.email, role: 'admin', changed },
    lines: [changed ? `${user.email} is now an admin.` : `${user.email} was already an admin.`],
  };
}
