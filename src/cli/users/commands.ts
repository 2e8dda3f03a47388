import type { Command } from 'commander';
import type { Desk } from '../desk.js';
import { userColumns } from './columns.js';
import { exportUsers } from './export-users.js';
import { importUsers } from './import-users.js';
import { signOut } from './sign-out.js';

/** Adds `users import` and `users export`. */
export function addUserCommands(program: Command, desk: Desk): void {
  const users = program.command('users').description('take users over from elsewhere, and hand them out');
  users
    .command('import')
    .description('take over the users of a CSV file: all of them, or none when a row does not fit')
    .argument('<file>', `header: ${userColumns.join(',')}; only email is required`)
    .option('--dry-run', 'tell what is wrong, write nothing')
    .action((file: string, options) =>
      desk.answerFrom(options, (get) => importUsers(get, file, { dryRun: options.dryRun === true })),
    );
  users
    .command('sign-out')
    .description('end every session of an account')
    .argument('<email>')
    .action((email: string, options) => desk.answerFrom(options, (get) => signOut(get, email)));
  users
    .command('export')
    .description('all users as CSV, in the form that users import reads')
    .option('--output <file>', 'write there instead of standard output')
    .action((options) => desk.answerFrom(options, (get) => exportUsers(get, options)));
}
