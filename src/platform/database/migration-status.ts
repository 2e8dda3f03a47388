import type { DataSource } from 'typeorm';
import { version } from '../version.js';
import { sqlFiles, type SqlFile, type SqlFiles } from './migration-files.js';
import type { Queryable } from './tx.js';

/** The database belongs to a version before 0.6.0; `message` says what to do. */
export class OlderDatabaseError extends Error {}

/** What this build has and the database does not. */
export interface Pending {
  migrations: SqlFile[];
  /** New, or with a text that differs; not those that a newer version applied. */
  functions: SqlFile[];
}

interface AppliedFile {
  path: string;
  hash: string;
  version: string;
}

/**
 * Errors: {@link OlderDatabaseError} for a database that a version before 0.6.0 created. Changes
 * nothing.
 */
export async function rejectOlderDatabase(db: Queryable): Promise<void> {
  if (!(await isOfOlderVersion(db))) return;
  throw new OlderDatabaseError(
    'This database was created by Twofold 0.5.0 or older, which this version cannot upgrade: ' +
      'set DATABASE_URL to an empty database, or keep running the older version. Nothing was changed.',
  );
}

/**
 * Whether Twofold's tables are there without the table that 0.6.0 introduced. Needs no privileges.
 */
export async function isOfOlderVersion(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ isOlder: boolean }>(
    `SELECT bool_or(n.nspname = 'platform' AND c.relname = 'audit')
        AND NOT bool_or(n.nspname = 'public' AND c.relname = 'schema_file') AS "isOlder"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname IN ('audit', 'schema_file')`,
  );
  return row?.isOlder === true;
}

/** What has to be applied to this database. */
export async function findPending(db: Queryable, files: SqlFiles = sqlFiles()): Promise<Pending> {
  const applied = new Map((await listApplied(db)).map((file) => [file.path, file]));
  return {
    migrations: files.migrations.filter((file) => !applied.has(file.path)),
    functions: files.functions.filter((file) => isFunctionPending(file, applied.get(file.path))),
  };
}

/** How many files of this build the database lacks: 0 when it is ready. */
export async function countPending(db: Queryable): Promise<number> {
  const { migrations, functions } = await findPending(db);
  return migrations.length + functions.length;
}

/** Each file of this build with what is known of it, for `npm run migration:status`. */
export async function describeFiles(db: Queryable): Promise<string[]> {
  const { migrations, functions } = sqlFiles();
  const applied = new Map((await listApplied(db)).map((file) => [file.path, file]));
  const describe = (file: SqlFile, changed: string): string => {
    const row = applied.get(file.path);
    if (row === undefined) return `pending    ${file.path}`;
    return row.hash === file.hash ? `applied    ${file.path}` : `${changed}    ${file.path} (${row.version})`;
  };
  return [
    ...migrations.map((file) => describe(file, 'edited ')),
    ...functions.map((file) =>
      describe(file, isFunctionPending(file, applied.get(file.path)) ? 'changed' : 'newer  '),
    ),
  ];
}

async function listApplied(db: Queryable): Promise<AppliedFile[]> {
  // not to_regclass: it may answer from before another process committed the table
  const [table] = await db.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'schema_file' AND relnamespace = 'public'::regnamespace) AS exists`,
  );
  return table?.exists === true ? db.query(`SELECT path, hash, version FROM public.schema_file`) : [];
}

/**
 * An older process that starts beside a newer one leaves the functions of the newer one in place.
 */
function isFunctionPending(file: SqlFile, applied: AppliedFile | undefined): boolean {
  return applied === undefined || (applied.hash !== file.hash && !isNewer(applied.version, version));
}

function isNewer(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) > 0;
}

/**
 * The database is not as this version needs it, and the role of DATABASE_URL may not change that;
 * `message` says who can.
 */
export class NotMigratedError extends Error {}

/**
 * Whether the role of this connection may run migrations. One that was given rights only
 * (`database grant`) may not.
 */
export async function canMigrate(dataSource: DataSource): Promise<boolean> {
  const rows: { may: boolean }[] = await dataSource.query(
    `SELECT to_regclass('public.schema_file') IS NULL
       OR has_table_privilege(to_regclass('public.schema_file'), 'INSERT') AS may`,
  );
  return rows[0]?.may === true;
}

/** Errors: {@link NotMigratedError} while a migration of this build has not run. */
export async function requireMigrated(dataSource: DataSource): Promise<void> {
  const pending = await countPending(dataSource);
  if (pending > 0) throw notMigratedError(`${pending} migrations have not run`);
}

/** The error for what is missing, and what to do about it. */
export function notMigratedError(what: string, cause?: unknown): NotMigratedError {
  return new NotMigratedError(
    `${what}, and the role of DATABASE_URL is not allowed to run them.\n` +
      'Run `npx twofold migrate` with the DATABASE_URL of the owner first, then start this again.',
    { cause },
  );
}
