import type { DataSource } from 'typeorm';
import { openDataSource } from './platform/database/data-source.js';
import { Database } from './platform/database/database.js';
import { migrate, withMigrationLock } from './platform/database/migrate.js';
import {
  canMigrate,
  notMigratedError,
  rejectOlderDatabase,
  requireMigrated,
} from './platform/database/migration-status.js';
import { renewPrivileges } from './platform/database/roles/database-roles.repository.js';
import { startJobQueue } from './platform/jobs/job-queue.js';

/**
 * Migrates the database at `url`, the queues included, and renews the privileges of the granted
 * roles. Returns the paths of the SQL files that were applied; `log` gets a line about each wait.
 * With a role that may not change the schema it only checks the schema.
 * Errors: NotMigratedError when that is not up to date; OlderDatabaseError. Idempotent; concurrent
 * calls apply each file once.
 */
export async function prepareDatabase(
  url: string,
  log: (line: string) => void = (line) => console.error(line),
): Promise<string[]> {
  const dataSource = await openDataSource(url, 2);
  try {
    await rejectOlderDatabase(dataSource);
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
