import type { DataSource } from 'typeorm';
import { countPending, isOfOlderVersion } from './migration-status.js';
import { problem, ok, warning, type CheckResult } from '../check-result.js';
import { minuteMs, secondMs } from '../durations.js';
import { laneNames, taskQueue } from '../jobs/lanes.js';

const minVersion = 140_000;
const skewWarningMs = 5 * secondMs;
const skewProblemMs = minuteMs;
const migrateAdvice = 'Run: npx twofold migrate';

/**
 * Checks a database that answers: its version, its clock, its migrations, and the jobs that wait in
 * it.
 */
export async function checkDatabase(dataSource: DataSource, now: () => Date): Promise<CheckResult[]> {
  const before = now();
  const [row]: { version: number; name: string; now: Date; tables: boolean; jobs: boolean }[] =
    await dataSource.query(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
         clock_timestamp() AS now, to_regclass('public.schema_file') IS NOT NULL AS tables,
         to_regclass('pgboss.job') IS NOT NULL AS jobs`,
    );
  if (row === undefined) throw new Error('A statement without FROM answers one row');
  const middle = (before.getTime() + now().getTime()) / 2;
  return [
    row.version >= minVersion
      ? ok('database', `PostgreSQL ${row.name} answers`)
      : problem('database', `PostgreSQL ${row.name} is too old`, 'Use PostgreSQL 14 or newer.'),
    checkClock(row.now.getTime() - middle),
    await checkMigrations(dataSource, row.tables),
    ...(row.jobs ? await checkJobs(dataSource) : [warning('jobs', 'there are no queues yet', migrateAdvice)]),
  ];
}

function checkClock(aheadMs: number): CheckResult {
  const seconds = Math.abs(Math.round(aheadMs / secondMs));
  const seen = `the database is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine`;
  const advice = 'Synchronise both clocks (NTP): credit and codes expire by them.';
  if (Math.abs(aheadMs) > skewProblemMs) return problem('database clock', seen, advice);
  return Math.abs(aheadMs) > skewWarningMs
    ? warning('database clock', seen, advice)
    : ok('database clock', seen);
}

async function checkMigrations(dataSource: DataSource, hasTable: boolean): Promise<CheckResult> {
  if (await isOfOlderVersion(dataSource))
    return problem(
      'migrations',
      'the database is of 0.5.0 or older',
      'Set DATABASE_URL to an empty database.',
    );
  if (!hasTable) return problem('migrations', 'the database is empty', migrateAdvice);
  const pending = await countPending(dataSource);
  return pending === 0
    ? ok('migrations', 'all are applied')
    : problem('migrations', `${pending} are not applied`, migrateAdvice);
}

async function checkJobs(dataSource: DataSource): Promise<CheckResult[]> {
  const [row]: { late: number; failed: number }[] = await dataSource.query(
    `SELECT count(*) FILTER (WHERE state IN ('created', 'retry') AND name <> $2
         AND greatest(start_after, created_on) < now() - interval '5 minutes')::int
         + (SELECT count(*)::int FROM platform.outbox WHERE published_at < now() - interval '5 minutes') AS late,
       count(*) FILTER (WHERE state = 'failed')::int AS failed FROM pgboss.job WHERE name = ANY ($1)`,
    [[...laneNames, taskQueue], taskQueue],
  );
  const { late = 0, failed = 0 } = row ?? {};
  const findings: CheckResult[] = [];
  if (late > 0)
    findings.push(
      problem(
        'jobs',
        `${late} have been due for over five minutes`,
        'Start a worker: npx twofold worker, or ROLE=all.',
      ),
    );
  if (failed > 0)
    findings.push(
      warning(
        'jobs',
        `${failed} failed for good`,
        'The log says why (handler.failed); what they said was not done.',
      ),
    );
  return findings.length > 0 ? findings : [ok('jobs', 'none late, none failed')];
}
