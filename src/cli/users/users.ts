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

/** Adds `users import` and `users export`. */
export function addUserCommands(program: Command, context: CommandContext): void {
  const users = program.command('users').description('take users over from elsewhere, and hand them out');
  users
    .command('import')
    .description('take over the users of a CSV file: all of them, or none when a row does not fit')
    .argument('<file>', `header: ${userColumns.join(',')}; only email is required`)
    .option('--dry-run', 'tell what is wrong, write nothing')
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
    .description('all users as CSV, in the form that users import reads')
    .option('--output <file>', 'write there instead of standard output')
    .action((options) => context.runInApplication(options, (get) => exportUsers(get, options)));
}

/** Ends every session of an account. Errors: Problem for an unknown address. */
export async function signOutEverywhere(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email);
  await get(Database).transaction((tx) => get(StaffSignOut).revokeAll(tx, user.id, operator));
  return { json: { userId: user.id, signedOut: true }, lines: [`${user.email} is signed out everywhere.`] };
}

const signInHint =
  '\nSign in with it once, then try again; or list it in ADMIN_EMAILS before its first sign-in.';

/** Gives an existing user the role `admin`. Again: nothing changes. Errors: Problem for an unknown address. */
export async function makeAdmin(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email, signInHint);
  await get(Database).transaction((tx) => get(AuthService).setRole(tx, user.id, 'admin', operator));
  const changed = user.role !== 'admin';
  return {
    json: { userId: user.id, email: user.email, role: 'admin', changed },
    lines: [changed ? `${user.email} is an admin now.` : `${user.email} was an admin already.`],
  };
}

/** Adds what ends accounts: `merge`, `undo-merge`, `export-person`, `erase-person`. */
export function addAccountCommands(program: Command, context: CommandContext): void {
  program
    .command('merge')
    .description('make one account live on in another of the same person; first look with --dry-run')
    .argument('<from-email>', 'the account that ends')
    .argument('<into-email>', 'the account that stays')
    .requiredOption('--reason <text>', 'why; kept until the person is erased', argument.reason)
    .option('--dry-run', 'tell what would happen, write nothing')
    .action((from: string, into: string, options) =>
      context.runInApplication(options, (get) => mergeAccounts(get, { from, into, ...options })),
    );
  program
    .command('undo-merge')
    .description('take a merge apart, within 30 days and as long as nothing contradicts it')
    .argument('<merge-id>', 'as merge shows it', argument.id)
    .requiredOption('--reason <text>', 'why; kept until the person is erased', argument.reason)
    .action((mergeId: string, options) =>
      context.runInApplication(options, (get) => unmergeAccounts(get, mergeId, options.reason)),
    );
  program
    .command('export-person')
    .description('all that is stored about somebody, as JSON, at their request')
    .argument('<email>')
    .option('--output <file>', 'write there, readable by you alone, instead of standard output')
    .action((email: string, options) =>
      context.runInApplication(options, (get) => exportUserData(get, email, options)),
    );
  program
    .command('erase-person')
    .description('erase somebody for good, at their request')
    .argument('<email>')
    .option('--yes', 'do it; without this it only tells what would be done')
    .action((email: string, options) =>
      context.runInApplication(options, (get) => eraseUser(get, email, options)),
    );
}
