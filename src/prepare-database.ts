import { migrate } from './platform/database/migrate.js';
import { openDataSource } from './platform/database/data-source.js';
import { startBoss } from './platform/boss.js';

/**
 * Migrates the database at `url`, the queues included. Answers the names of the migrations that ran.
 * Again, or from several processes at once: each migration runs once.
 */
export async function prepareDatabase(url: string): Promise<string[]> {
  const dataSource = await openDataSource(url, 2);
  try {
    const done = await migrate(dataSource);
    const boss = await startBoss(dataSource, false, () => undefined);
    await boss.stop({ graceful: false });
    return done;
  } finally {
    await dataSource.destroy();
  }
}
