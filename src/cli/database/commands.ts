import type { Command } from 'commander';
import type { Desk } from '../desk.js';
import { grantRights } from './grant.js';

/** Adds `database grant`. */
export function addDatabaseCommands(program: Command, desk: Desk): void {
  const database = program.command('database').description('who may do what in the database');
  database
    .command('grant')
    .description('make a role that runs Twofold but cannot change its books, or renew its rights')
    .option('--role <name>', 'its name', 'twofold_app')
    .option('--reader', 'a role that only reads the books, for analysts')
    .option('--password-file <file>', 'give it this password; without, its password stays as it is')
    .option('--print', 'only print the statements')
    .action(async (options) => desk.answer(await grantRights(desk.env, options), options));
}
