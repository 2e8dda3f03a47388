import { PgBoss, type ConstructorOptions, type JobAttempt } from 'pg-boss';
import type { DataSource } from 'typeorm';
import { getPool } from '../database/data-source.js';
import { laneNames, taskQueue } from './lanes.js';

/** The running pg-boss instance. */
export const JOB_QUEUE = Symbol('pg-boss');

const handlerQueueOptions = {
  retryLimit: 100, // about four days, at an hour each: longer than any outage that stays unnoticed
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 3600,
  // what a killed process had begun is retried after this; no handler takes half as long
  expireInSeconds: 90,
  deleteAfterSeconds: 14 * 86_400,
};

/**
 * Starts pg-boss on the pool of `dataSource`. With `worker` it also keeps its schedules and cleans
 * up. Without `migrate` it fails where its tables are not of this version, instead of changing
 * them. Errors are reported to `onError`: the engine goes on by itself once the database is back.
 */
export async function startJobQueue(
  dataSource: DataSource,
  worker: boolean,
  onError: (error: Error) => void,
  migrate = true,
): Promise<PgBoss> {
  const pool = getPool(dataSource);
  const options: ConstructorOptions = {
    // the driver's own pool: pg-boss sends several statements at once, which TypeORM's query cannot
    // answer
    db: { executeSql: (text, values) => pool.query(text, values) },
    supervise: worker,
    schedule: worker,
    migrate,
  };
  const jobQueue = new PgBoss(options);
  jobQueue.on('error', onError);
  await jobQueue.start();
  for (const queue of laneNames) {
    await jobQueue.createQueue(queue, handlerQueueOptions);
    // one that was made by an earlier version
    await jobQueue.updateQueue(queue, handlerQueueOptions);
  }
  await jobQueue.createQueue(taskQueue, { policy: 'singleton', retryLimit: 0, deleteAfterSeconds: 3_600 });
  return jobQueue;
}

/**
 * Puts jobs that are being run back into their queue, to be run in `ms` at the earliest. It costs
 * none of their attempts: whether they can succeed was not found out. Only for jobs of pg-boss's
 * own table, by their worker.
 */
export async function postponeJobs(
  jobQueue: PgBoss,
  queue: string,
  jobs: readonly JobAttempt[],
  ms: number,
): Promise<void> {
  await jobQueue.getDb().executeSql(
    `UPDATE pgboss.job j SET state = 'created', started_on = NULL, heartbeat_on = NULL,
       start_after = clock_timestamp() + $4 * interval '1 millisecond'
     FROM unnest($2::uuid[], $3::int[]) AS own (id, retry_count)
     WHERE j.name = $1 AND j.id = own.id AND j.retry_count = own.retry_count AND j.state = 'active'`,
    [queue, jobs.map(({ id }) => id), jobs.map(({ retryCount }) => retryCount), ms],
  );
}
