import type { DataSource } from 'typeorm';
import { countPending } from '../migration-status.js';

/** The database is not as this version needs it, and the role of DATABASE_URL may not change that; `message` says who can. */
export class NotMigratedError extends Error {}

/** Whether the role of this connection may run migrations. One that was given rights only (`database grant`) may not. */
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
