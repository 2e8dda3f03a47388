import { startJobQueue } from './platform/jobs/job-queue.js';
import {
  canMigrate,
  notMigratedError,
  renewPrivileges,
  requireMigrated,
} from './platform/database/roles/index.js';
import { openDataSource } from './platform/database/data-source.js';
import { Database } from './platform/database/database.js';
import { migrate, withMigrationLock } from './platform/database/migrate.js';
import type { DataSource } from 'typeorm';

/**
 * Migrates the database at `url`, the queues included, and renews the rights of the roles that were granted some. Answers
 * the names of the migrations that ran; `say` is given a line for what is waited for. A role that may not change the schema
 * only sees whether it is right.
 * Errors: NotMigratedError when it is not. Again, or from several processes at once: each migration runs once.
 */
export async function prepareDatabase(
  url: string,
  log: (line: string) => void = (line) => console.error(line),
): Promise<string[]> {
  const dataSource = await openDataSource(url, 2);
  try {
    if (!(await canMigrate(dataSource))) {
      await requireMigrated(dataSource);
      await prepareJobQueues(dataSource, false).catch((error: unknown) => {
        throw notMigratedError('The queue tables belong to another version', error);
      });
      return [];
    }
    const logOnce = logEachLineOnce(log);
    const done = await migrate(dataSource, logOnce);
    await withMigrationLock(dataSource, logOnce, async () => {
      await prepareJobQueues(dataSource, true); // two at once would make the same schema
      await new Database(dataSource).transaction(renewPrivileges);
    });
    return done;
  } finally {
    await dataSource.destroy();
  }
}

/** Says each line once, however often it is tried again. */
function logEachLineOnce(log: (line: string) => void): (line: string) => void {
  const logged = new Set<string>();
  return (line) => {
    if (!logged.has(line)) log(line);
    logged.add(line);
  };
}

async function prepareJobQueues(dataSource: DataSource, mayChange: boolean): Promise<void> {
  const jobQueue = await startJobQueue(dataSource, false, () => undefined, mayChange);
  await jobQueue.stop({ graceful: false });
}
