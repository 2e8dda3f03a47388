import { startBoss } from './platform/boss.js';
import { mayMigrate, notMigrated, renewRights, requireMigrated } from './platform/database-roles/index.js';
import { openDataSource } from './platform/database/data-source.js';
import { Database } from './platform/database/database.js';
import { migrate, whileAlone } from './platform/database/migrate.js';
import type { DataSource } from 'typeorm';

/**
 * Migrates the database at `url`, the queues included, and renews the rights of the roles that were granted some. Answers
 * the names of the migrations that ran; `say` is given a line for what is waited for. A role that may not change the schema
 * only sees whether it is right.
 * Errors: NotMigrated when it is not. Again, or from several processes at once: each migration runs once.
 */
export async function prepareDatabase(
  url: string,
  say: (line: string) => void = (line) => console.error(line),
): Promise<string[]> {
  const dataSource = await openDataSource(url, 2);
  try {
    if (!(await mayMigrate(dataSource))) {
      await requireMigrated(dataSource);
      await tryQueues(dataSource, false).catch((error: unknown) => {
        throw notMigrated('The tables of the queues are not those of this version', error);
      });
      return [];
    }
    const sayOnce = once(say);
    const done = await migrate(dataSource, sayOnce);
    await whileAlone(dataSource, sayOnce, async () => {
      await tryQueues(dataSource, true); // two at once would make the same schema
      await new Database(dataSource).transaction(renewRights);
    });
    return done;
  } finally {
    await dataSource.destroy();
  }
}

/** Says each line once, however often it is tried again. */
function once(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
}

async function tryQueues(dataSource: DataSource, mayChange: boolean): Promise<void> {
  const boss = await startBoss(dataSource, false, () => undefined, mayChange);
  await boss.stop({ graceful: false });
}
