import { readFile } from 'node:fs/promises';
import { complete } from '../../local-mode.js';
import { loadConfig } from '../../platform/config.js';
import { RoleRefused, roleStatements, type WantedRole } from '../../platform/database-roles/index.js';
import { openDataSource } from '../../platform/database/data-source.js';
import { Database } from '../../platform/database/database.js';
import { prepareDatabase } from '../../prepare-database.js';
import { Problem, UsageProblem } from '../exit-codes.js';
import type { Report } from '../report.js';

/** How a role was asked for on the command line. */
export interface GrantOptions {
  role: string;
  reader?: true;
  passwordFile?: string;
  print?: true;
}

const leastPasswordLength = 16;

/**
 * Makes a role that may use this database and not change its books, or gives it its rights anew. With `print` it only
 * answers the statements, for somebody else to run.
 * Errors: Problem where the role cannot be had; UsageProblem for a password file that is of no use.
 */
export async function grantRights(env: NodeJS.ProcessEnv, options: GrantOptions): Promise<Report> {
  const wanted: WantedRole = {
    name: options.role,
    access: options.reader === true ? 'reader' : 'app',
    password: options.passwordFile === undefined ? null : await passwordIn(options.passwordFile),
  };
  const completed = await complete(loadConfig(env), (line) => process.stderr.write(`${line}\n`));
  try {
    const { databaseUrl } = completed.config;
    await prepareDatabase(databaseUrl);
    const statements = await onDatabase(databaseUrl, (database) =>
      options.print === true ? roleStatements(database, wanted) : grant(database, wanted),
    );
    const { name: role, access } = wanted;
    return {
      json: { role, access, ...(options.print === true ? { statements } : { granted: true }) },
      lines: options.print === true ? statements.map((statement) => `${statement};`) : told(wanted),
    };
  } finally {
    await completed.release();
  }
}

function grant(database: Database, wanted: WantedRole): Promise<string[]> {
  return database.transaction(async (tx) => {
    const statements = await roleStatements(tx, wanted);
    for (const statement of statements) await tx.query(statement);
    return statements;
  });
}

function told({ name, access, password }: WantedRole): string[] {
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

async function onDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const dataSource = await openDataSource(url, 1);
  try {
    return await work(new Database(dataSource));
  } catch (error) {
    if (error instanceof RoleRefused) throw new Problem(error.message);
    if ((error as { code?: string }).code === '42501')
      throw new Problem(
        'The role of DATABASE_URL may not do this. Run it as the owner of the database, who may create roles; or add --print and have somebody run what it says.',
      );
    throw error;
  } finally {
    await dataSource.destroy();
  }
}

async function passwordIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageProblem(`The password file cannot be read (${error.code ?? 'unknown reason'}).`);
  });
  const password = text.trim();
  if (password.length >= leastPasswordLength && /^[\x21-\x7e]+$/.test(password)) return password;
  throw new UsageProblem(
    'The password file holds no password: at least 16 visible ASCII characters on one line (try: openssl rand -hex 32).',
  );
}
