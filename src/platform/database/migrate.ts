import { readFileSync } from 'node:fs';
import {
  DataSource,
  type Migration,
  MigrationExecutor,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import { migrationFiles } from './migration-files.js';
import { isTransient } from './sqlstate.js';

const directory = new URL('../../../migrations/', import.meta.url);

const lockKey = `hashtextextended('twofold:migrate', 0)`;
/** How long a migration may stand in the queue for a lock, since what comes after it in the queue waits as long. */
const setLockTimeout = `SET LOCAL lock_timeout = '2s'`;
const firstPauseMs = 1_000;
const longestPauseMs = 5_000;

type LogLine = (line: string) => void;

/**
 * Brings the schema up to date, one transaction for each file, behind a lock: any number of processes may start at once.
 * A file that does not get a lock within 2 s is taken back and tried again after a pause, until it gets it; `say` is given
 * a line for what is waited for. Shape: answers the names of the migrations that this call ran.
 * Idempotent: goes on with the first that has not run. Errors: what a file fails with; those before it stay.
 */
export async function migrate(dataSource: DataSource, log: LogLine): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const name = await withMigrationLock(dataSource, log, (runner) => runNext(dataSource, runner, log));
    if (name === null) return done;
    done.push(name);
  }
}

/** Does `work` while no other process prepares this database, and commits what it did with `runner`. */
export async function withMigrationLock<T>(
  dataSource: DataSource,
  log: LogLine,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await acquireMigrationLock(runner, log);
    const answer = await work(runner);
    await runner.commitTransaction();
    return answer;
  } catch (error) {
    while (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

/** Runs the first migration that has not run, and answers its name; null when all have. */
async function runNext(dataSource: DataSource, runner: QueryRunner, log: LogLine): Promise<string | null> {
  const executor = new MigrationExecutor(dataSource, runner);
  const [next] = await executor.getPendingMigrations();
  if (next !== undefined) await runWithLockRetries(executor, { runner, next, say: log });
  return next?.name ?? null;
}

/** Takes the lock of those who prepare a database, for this transaction. */
async function acquireMigrationLock(runner: QueryRunner, log: LogLine): Promise<void> {
  const [{ isOurs }]: [{ isOurs: boolean }] = await runner.query(
    `SELECT pg_try_advisory_xact_lock(${lockKey}) AS "isOurs"`,
  );
  if (isOurs) return;
  log('Another process is migrating this database. Waiting for it.');
  await runner.query(`SELECT pg_advisory_xact_lock(${lockKey})`);
}

/**
 * Tries one migration until it has its locks. Each try is a savepoint: going back to it lets go of every table, and keeps
 * the lock of those who prepare, so that no other process tries during the pause.
 */
async function runWithLockRetries(
  executor: MigrationExecutor,
  { runner, next, say }: { runner: QueryRunner; next: Migration; say: LogLine },
): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      await runner.startTransaction();
      await runner.query(setLockTimeout);
      await executor.executeMigration(next);
      return await runner.commitTransaction();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await runner.rollbackTransaction();
      say(`Migration ${next.name} waits for a lock${await oldestTransaction(runner)}. Trying again.`);
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

/** Who most likely holds what is waited for, as far as our role may see it. */
async function oldestTransaction(runner: QueryRunner): Promise<string> {
  const [oldest]: { pid: number; application_name: string; xact_start: Date }[] = await runner.query(
    `SELECT pid, application_name, xact_start FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
       AND wait_event_type IS DISTINCT FROM 'Lock'
     ORDER BY xact_start LIMIT 1`,
  );
  if (oldest === undefined) return '';
  const { pid, application_name: name, xact_start: since } = oldest;
  return ` (the oldest open transaction: process ${pid} of ${name || 'no name'}, since ${since.toISOString()})`;
}

/** How many migrations this build has that the database does not: 0 when it is ready. */
export async function pendingMigrations(dataSource: DataSource): Promise<number> {
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM public.migrations`);
  const done = new Set(rows.map((row) => row.name));
  return migrationFiles.filter((file) => !done.has(migrationName(file))).length;
}

/** The listed SQL files as the classes that TypeORM runs. */
export function migrationClasses(): (new () => MigrationInterface)[] {
  return migrationFiles.map((file) => {
    class SqlMigration implements MigrationInterface {
      readonly name = migrationName(file);
      async up(runner: QueryRunner): Promise<void> {
        await runner.query(readFileSync(new URL(file, directory), 'utf8'));
      }
      async down(): Promise<void> {
        throw new Error(`${file} cannot be rolled back: restore a backup or write a new migration`);
      }
    }
    return SqlMigration;
  });
}

/** TypeORM sorts by the 13 digits (a JavaScript timestamp) that it wants at the end of a name. */
function migrationName(file: string): string {
  const [number = '', ...words] = file.replace(/\.sql$/, '').split('_');
  return `${words.join('_')}_${number.padStart(13, '0')}`;
}
