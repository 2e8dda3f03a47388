import type { Command } from 'commander';
import type { Desk } from '../desk.js';
import { exportUsers } from './export-users.js';

/** Adds `users import` and `users export`. */
export function addUserCommands(program: Command, desk: Desk): void {
  const users = program.command('users').description('take users over from elsewhere, and hand them out');
  users
    .command('export')
    .description('all users as CSV, in the form that users import reads')
    .option('--output <file>', 'write there instead of standard output')
    .action((options) => desk.answerFrom(options, (get) => exportUsers(get, options)));
}
