import type { DataSource } from 'typeorm';
import { countPending, isOfOlderVersion } from './migration-status.js';
import { problem, ok, warning, type CheckResult } from '../check-result.js';
import { minuteMs, secondMs } from '../durations.js';
import { laneNames, taskQueue } from '../jobs/lanes.js';

const minVersion = 140_000;
const skewWarningMs = 5 * secondMs;
const skewProblemMs = minuteMs;

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
      ? ok('database', 'databaseAnswers', { version: row.name })
      : problem('database', 'databaseTooOld', { version: row.name }),
    checkClock(row.now.getTime() - middle),
    await checkMigrations(dataSource, row.tables),
    ...(row.jobs ? await checkJobs(dataSource) : [warning('jobs', 'noQueues')]),
  ];
}

function checkClock(aheadMs: number): CheckResult {
  const skewMs = Math.abs(aheadMs);
  const level = skewMs > skewProblemMs ? problem : skewMs > skewWarningMs ? warning : ok;
  return level('databaseClock', 'databaseClock', {
    seconds: Math.abs(Math.round(aheadMs / secondMs)),
    direction: aheadMs < 0 ? 'behind' : 'ahead',
  });
}

async function checkMigrations(dataSource: DataSource, hasTable: boolean): Promise<CheckResult> {
  if (await isOfOlderVersion(dataSource)) return problem('migrations', 'oldDatabase');
  if (!hasTable) return problem('migrations', 'emptyDatabase');
  const pending = await countPending(dataSource);
  return pending === 0 ? ok('migrations', 'migrated') : problem('migrations', 'notMigrated', { pending });
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
  if (late > 0) findings.push(problem('jobs', 'lateJobs', { late }));
  if (failed > 0) findings.push(warning('jobs', 'failedJobs', { failed }));
  return findings.length > 0 ? findings : [ok('jobs', 'jobsDone')];
}
