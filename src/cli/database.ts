import type { Command } from 'commander';
import { type CommandContext, CommandError, UsageError, type CommandReport } from './command-context.js';
import { readFile } from 'node:fs/promises';
import { prepareLocalEnvironment } from '../local-environment.js';
import { loadConfig } from '../platform/config/config.js';
import { RoleRefusedError, roleStatements, type RoleRequest } from '../platform/database/roles/index.js';
import { openDataSource } from '../platform/database/data-source.js';
import { Database } from '../platform/database/database.js';
import { prepareDatabase } from '../prepare-database.js';

/** Adds `database grant`. */
export function addDatabaseCommands(program: Command, context: CommandContext): void {
  const database = program.command('database').description('who may do what in the database');
  database
    .command('grant')
    .description('make a role that runs Twofold but cannot change its books, or renew its rights')
    .option('--role <name>', 'its name', 'twofold_app')
    .option('--reader', 'a role that only reads the books, for analysts')
    .option('--password-file <file>', 'give it this password; without, its password stays as it is')
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
 * Makes a role that may use this database and not change its books, or gives it its rights anew. With `print` it only
 * answers the statements, for somebody else to run.
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
      ? 'run Twofold; it may add to the ledger and the audit, and change neither them nor any table'
      : 'read the books';
  return [
    `${name} may ${may}.`,
    access === 'app'
      ? 'Set DATABASE_URL to it for serve and worker, and run migrate with that of the owner.'
      : 'It may read nothing else, and write nothing.',
    ...(password === null ? ['Its password was not touched.'] : []),
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
        'The role of DATABASE_URL may not do this. Run it as the owner of the database, who may create roles; or add --print and have somebody run what it says.',
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

/** Brings the database of the environment up to date. Again: nothing is left to do. Errors: ConfigError. */
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
