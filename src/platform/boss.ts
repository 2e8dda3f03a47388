import { PgBoss, type ConstructorOptions } from 'pg-boss';
import type { DataSource } from 'typeorm';
import { poolOf } from './database/pool.js';
import { reactionQueues, taskQueue } from './lanes.js';

const reactionOptions = {
  retryLimit: 100, // about four days, at an hour each: longer than any outage that nobody noticed
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 3600,
  expireInSeconds: 90, // what a killed process had begun is begun anew after this; no reaction takes half as long
  deleteAfterSeconds: 14 * 86_400,
};

/**
 * Starts pg-boss on the pool of `dataSource`. With `worker` it also keeps its schedules and cleans up.
 * Without `migrate` it fails where its tables are not of this version, instead of changing them.
 * Errors are told to `onError`: the engine goes on by itself once the database is back.
 */
export async function startBoss(
  dataSource: DataSource,
  worker: boolean,
  onError: (error: Error) => void,
  migrate = true,
): Promise<PgBoss> {
  const pool = poolOf(dataSource);
  const options: ConstructorOptions = {
    // the driver's own pool: pg-boss sends several statements at once, which TypeORM's query cannot answer
    db: { executeSql: (text, values) => pool.query(text, values) },
    supervise: worker,
    schedule: worker,
    migrate,
  };
  const boss = new PgBoss(options);
  boss.on('error', onError);
  await boss.start();
  for (const queue of reactionQueues) {
    await boss.createQueue(queue, reactionOptions);
    await boss.updateQueue(queue, reactionOptions); // one that was made by an earlier version
  }
  await boss.createQueue(taskQueue, { policy: 'singleton', retryLimit: 0, deleteAfterSeconds: 3_600 });
  return boss;
}
