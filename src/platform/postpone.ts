import type { JobAttempt, PgBoss } from 'pg-boss';

/**
 * Puts jobs that are being run back into their queue, to be run in `ms` at the earliest. It costs none of their attempts:
 * whether they can succeed was not found out. Only for jobs of pg-boss's own table, by whoever runs them.
 */
export async function postpone(
  boss: PgBoss,
  queue: string,
  jobs: readonly JobAttempt[],
  ms: number,
): Promise<void> {
  await boss.getDb().executeSql(
    `UPDATE pgboss.job j SET state = 'created', started_on = NULL, heartbeat_on = NULL,
       start_after = clock_timestamp() + $4 * interval '1 millisecond'
     FROM unnest($2::uuid[], $3::int[]) AS own (id, retry_count)
     WHERE j.name = $1 AND j.id = own.id AND j.retry_count = own.retry_count AND j.state = 'active'`,
    [queue, jobs.map(({ id }) => id), jobs.map(({ retryCount }) => retryCount), ms],
  );
}
