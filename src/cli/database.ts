import type { Command } from 'commander';
import { type CommandContext, CommandError, UsageError, type CommandReport } from './command-context.js';
import { readFile } from 'node:fs/promises';
import { prepareLocalEnvironment } from '../local-environment.js';
import { loadConfig } from '../platform/config/config.js';
import {
  RoleRefusedError,
  roleStatements,
  type RoleRequest,
} from '../platform/database/roles/database-roles.repository.js';
import { openDataSource } from '../platform/database/data-source.js';
import { Database } from '../platform/database/database.js';
import { prepareDatabase } from '../prepare-database.js';

/** Adds `database grant`. */
export function addDatabaseCommands(program: Command, context: CommandContext): void {
  const database = program.command('database').description('roles of the database');
  database
    .command('grant')
    .description('create a role that runs Twofold but cannot change the ledger, or renew its privileges')
    .option('--role <name>', 'its name', 'twofold_app')
    .option('--reader', 'a role that can only read the ledger, for analysts')
    .option('--password-file <file>', 'set this password; without it the password stays unchanged')
    .option('--print', 'only print the statements')
    .action(async (options) => context.print(await grantPrivileges(context.env, options), options));
}

/** How a role was asked for on the command line. */
export interface GrantOptions {
  role: string;
  reader?: true;
  passwordFile?: string;
  print?: true;
}

const minPasswordLength = 16;

/**
 * Makes a role that may use this database and not change its ledger, or gives it its rights again. With `print` it only
 * answers the statements, for another person to run.
 * Errors: Problem where the role cannot be had; UsageError for a password file that is of no use.
 */
export async function grantPrivileges(env: NodeJS.ProcessEnv, options: GrantOptions): Promise<CommandReport> {
  const request: RoleRequest = {
    name: options.role,
    access: options.reader === true ? 'reader' : 'app',
    password: options.passwordFile === undefined ? null : await readPassword(options.passwordFile),
  };
  const environment = await prepareLocalEnvironment(loadConfig(env), (line) =>
    process.stderr.write(`${line}\n`),
  );
  try {
    const { databaseUrl } = environment.config;
    await prepareDatabase(databaseUrl);
    const statements = await withDatabase(databaseUrl, (database) =>
      options.print === true ? roleStatements(database, request) : applyStatements(database, request),
    );
    const { name: role, access } = request;
    return {
      json: { role, access, ...(options.print === true ? { statements } : { granted: true }) },
      lines: options.print === true ? statements.map((statement) => `${statement};`) : grantSummary(request),
    };
  } finally {
    await environment.release();
  }
}

function applyStatements(database: Database, request: RoleRequest): Promise<string[]> {
  return database.transaction(async (tx) => {
    const statements = await roleStatements(tx, request);
    for (const statement of statements) await tx.query(statement);
    return statements;
  });
}

function grantSummary({ name, access, password }: RoleRequest): string[] {
  const may =
    access === 'app'
      ? 'run Twofold; it can add to the ledger and the audit log, but cannot change them or any table'
      : 'read the ledger';
  return [
    `${name} may ${may}.`,
    access === 'app'
      ? 'Use it in DATABASE_URL for serve and worker. Run migrate with the role of the owner.'
      : 'It can read nothing else and write nothing.',
    ...(password === null ? ['Its password is unchanged.'] : []),
  ];
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const dataSource = await openDataSource(url, 1);
  try {
    return await work(new Database(dataSource));
  } catch (error) {
    if (error instanceof RoleRefusedError) throw new CommandError(error.message);
    if ((error as { code?: string }).code === '42501')
      throw new CommandError(
        'The role of DATABASE_URL is not allowed to do this. Run it as the owner of the database, who can create roles, or use --print and ask an administrator to run the statements.',
      );
    throw error;
  } finally {
    await dataSource.destroy();
  }
}

async function readPassword(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The password file cannot be read (${error.code ?? 'unknown reason'}).`);
  });
  const password = text.trim();
  if (password.length >= minPasswordLength && /^[\x21-\x7e]+$/.test(password)) return password;
  throw new UsageError(
    'The password file holds no password: at least 16 visible ASCII characters on one line (try: openssl rand -hex 32).',
  );
}

/** Brings the database of the environment up to date. Idempotent: nothing is left to do. Errors: ConfigError. */
export async function runMigrations(env: NodeJS.ProcessEnv): Promise<CommandReport> {
  const environment = await prepareLocalEnvironment(loadConfig(env), (line) =>
    process.stderr.write(`${line}\n`),
  );
  try {
    const migrations = await prepareDatabase(environment.config.databaseUrl);
    return {
      json: { migrations },
      lines: migrations.length === 0 ? ['Up to date.'] : migrations.map((name) => `Applied ${name}`),
    };
  } finally {
    await environment.release();
  }
}
