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
import { CommandError, UsageError, type CommandReport } from './command-context.js';

/**
 * Brings the database of the environment up to date. Idempotent: nothing is left to do. Errors:
 * ConfigError.
 */
export async function runMigrations(env: NodeJS.ProcessEnv): Promise<CommandReport> {
  return withLocalDatabase(env, async (url) => {
    const migrations = await prepareDatabase(url);
    return {
      json: { migrations },
      lines: migrations.length === 0 ? ['Up to date.'] : migrations.map((name) => `Applied ${name}`),
    };
  });
}

/**
 * Runs `work` on the database of the environment, migrated, without the application. Errors:
 * ConfigError; whatever `work` throws.
 */
export async function withDatabase<T>(
  env: NodeJS.ProcessEnv,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return withLocalDatabase(env, async (url) => {
    await prepareDatabase(url);
    const dataSource = await openDataSource(url, 1);
    try {
      return await work(new Database(dataSource));
    } finally {
      await dataSource.destroy();
    }
  });
}

/** The embedded database, where it is that, is started or shared, and let go of afterwards. */
async function withLocalDatabase<T>(env: NodeJS.ProcessEnv, work: (url: string) => Promise<T>): Promise<T> {
  const { config, release } = await prepareLocalEnvironment(loadConfig(env), (line) =>
    process.stderr.write(`${line}\n`),
  );
  try {
    return await work(config.databaseUrl);
  } finally {
    await release();
  }
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
 * Makes a role that may use this database and not change its ledger, or gives it its rights again.
 * With `print` it only answers the statements, for another person to run.
 * Errors: CommandError where the role cannot be had; UsageError for a password file that is of no
 * use.
 */
export async function grantPrivileges(env: NodeJS.ProcessEnv, options: GrantOptions): Promise<CommandReport> {
  const request: RoleRequest = {
    name: options.role,
    access: options.reader === true ? 'reader' : 'app',
    password: options.passwordFile === undefined ? null : await readPassword(options.passwordFile),
  };
  return withDatabase(env, async (database) => {
    const statements = await explainRefusals(() =>
      options.print === true ? roleStatements(database, request) : applyStatements(database, request),
    );
    const { name: role, access } = request;
    return {
      json: { role, access, ...(options.print === true ? { statements } : { granted: true }) },
      lines: options.print === true ? statements.map((statement) => `${statement};`) : grantSummary(request),
    };
  });
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

async function explainRefusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RoleRefusedError) throw new CommandError(error.message);
    if ((error as { code?: string }).code === '42501')
      throw new CommandError(
        'The role of DATABASE_URL is not allowed to do this. Run it as the owner of the database, who can create roles, or use --print and ask an administrator to run the statements.',
      );
    throw error;
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
