import type { DataSource, QueryRunner } from 'typeorm';
import { version } from '../version.js';
import { sqlFiles, type SqlFile, type SqlFiles } from './migration-files.js';
import { findPending, type Pending } from './migration-status.js';
import { isTransient } from './sqlstate.js';
import type { Queryable } from './tx.js';

const lockKey = `hashtextextended('twofold:migrate', 0)`;
/**
 * How long a migration may queue for a lock, since everything behind it in the queue waits as long.
 */
const setLockTimeout = `SET LOCAL lock_timeout = '2s'`;
/** A function that a migration includes may refer to what a later migration creates. */
const skipFunctionBodies = `SET LOCAL check_function_bodies = off`;
const firstPauseMs = 1_000;
const longestPauseMs = 5_000;

const createStateTable = `CREATE TABLE IF NOT EXISTS public.schema_file (
  path text PRIMARY KEY, hash text NOT NULL, version text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

type LogLine = (line: string) => void;

/** What is applied in one transaction: a migration, or all functions whose text changed. */
interface Step {
  name: string;
  files: SqlFile[];
  settings: string[];
}

/**
 * Brings the schema up to date and returns the paths of the files it applied: first each pending
 * migration in a transaction of its own, then all changed functions in one. Any number of processes
 * may call it at the same time. A step that gets no lock within 2 s is rolled back and tried again
 * after a pause; `log` gets a line about it.
 * Errors: the error of a statement; the steps before it stay applied. Idempotent.
 */
export async function migrate(
  dataSource: DataSource,
  log: LogLine,
  files: SqlFiles = sqlFiles(),
): Promise<string[]> {
  const applied: string[] = [];
  while (nextStep(await findPending(dataSource, files)) !== null)
    applied.push(
      ...(await withMigrationLock(dataSource, log, (runner) => applyNextStep(runner, files, log))),
    );
  return applied;
}

/** Runs `work` in a transaction while no other process prepares this database. */
export async function withMigrationLock<T>(
  dataSource: DataSource,
  log: LogLine,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await acquireMigrationLock(runner, log);
    const result = await work(runner);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    while (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

async function acquireMigrationLock(runner: QueryRunner, log: LogLine): Promise<void> {
  const [{ isLocked }] = (await runner.query(
    `SELECT pg_try_advisory_xact_lock(${lockKey}) AS "isLocked"`,
  )) as [{ isLocked: boolean }];
  if (isLocked) return;
  log('Another process migrates this database. Waiting for it.');
  await runner.query(`SELECT pg_advisory_xact_lock(${lockKey})`);
}

/** Asks again under the lock what is pending: another process may have applied it. */
async function applyNextStep(runner: QueryRunner, files: SqlFiles, log: LogLine): Promise<string[]> {
  const step = nextStep(await findPending(runner, files));
  if (step === null) return [];
  await applyWithLockRetries(runner, step, log);
  return step.files.map((file) => file.path);
}

function nextStep({ migrations: [migration], functions }: Pending): Step | null {
  if (migration !== undefined)
    return { name: `Migration ${migration.path}`, files: [migration], settings: [skipFunctionBodies] };
  return functions.length > 0
    ? { name: 'The change of SQL functions', files: functions, settings: [] }
    : null;
}

/**
 * Tries one step until it has its locks. Each try is a savepoint: rolling back to it releases all
 * table locks and keeps the migration lock, so that no other process tries during the pause.
 */
async function applyWithLockRetries(runner: QueryRunner, step: Step, log: LogLine): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      await runner.startTransaction();
      await applyStep(runner, step);
      return await runner.commitTransaction();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await runner.rollbackTransaction();
      log(`${step.name} waits for a lock${await describeOldestTransaction(runner)}. Trying again.`);
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

async function applyStep(runner: Queryable, { files, settings }: Step): Promise<void> {
  for (const setting of [setLockTimeout, ...settings, createStateTable]) await runner.query(setting);
  for (const { path, sql, hash } of files) {
    await runner.query(sql);
    await runner.query(
      `INSERT INTO public.schema_file (path, hash, version) VALUES ($1, $2, $3)
       ON CONFLICT (path) DO UPDATE
       SET hash = excluded.hash, version = excluded.version, applied_at = excluded.applied_at`,
      [path, hash, version],
    );
  }
}

/** Who most likely holds the lock, as far as this role may see it. */
async function describeOldestTransaction(runner: QueryRunner): Promise<string> {
  const [oldest] = (await runner.query(
    `SELECT pid, application_name, xact_start FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
       AND wait_event_type IS DISTINCT FROM 'Lock'
     ORDER BY xact_start LIMIT 1`,
  )) as { pid: number; application_name: string; xact_start: Date }[];
  if (oldest === undefined) return '';
  const { pid, application_name: name, xact_start: since } = oldest;
  return ` (the oldest open transaction: process ${pid} of ${name || 'no name'}, since ${since.toISOString()})`;
}
