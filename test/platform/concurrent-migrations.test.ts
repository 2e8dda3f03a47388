import { afterEach, expect, it } from 'vitest';
import pg from 'pg';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { sqlFiles, type SqlFile } from '../../src/platform/database/migration-files.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { createEmptyDatabase, createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** Migrations beside processes that read and write: what they wait for, and who waits for them. */
const nextMigration: SqlFile = {
  path: '9999_add_a_note.sql',
  sql: 'ALTER TABLE billing.checkout_session ADD COLUMN note text',
  hash: 'of the next migration',
};
let testDatabase: TestDatabase;
const clients: pg.Client[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await testDatabase.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: testDatabase.url, application_name: 'a-long-reader' });
  await client.connect();
  clients.push(client);
  return client;
}

/** What the build does that adds `nextMigration`. */
async function migrateToNext(log: (line: string) => void = () => undefined): Promise<string[]> {
  const dataSource = await openDataSource(testDatabase.url, 2);
  const { migrations, functions } = sqlFiles();
  try {
    return await migrate(dataSource, log, { migrations: [...migrations, nextMigration], functions });
  } finally {
    await dataSource.destroy();
  }
}

it('a migration that meets a long reader blocks no writer behind it, and runs once the reader has ended', async () => {
  testDatabase = await createMigratedDatabase();
  const [reader, writer, observer] = [await connect(), await connect(), await connect()];
  await reader.query(`BEGIN; SELECT count(*) FROM billing.checkout_session`);
  const logged: string[] = [];
  const migrating = migrateToNext((line) => logged.push(line));
  await until(async () => {
    const { rowCount } = await observer.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'
         AND relation = 'billing.checkout_session'::regclass`,
    );
    return rowCount === 1;
  });
  await writer.query(`SET lock_timeout = '10s'`); // far more than a writer may have to wait
  await writer.query(`UPDATE billing.checkout_session SET completed_at = now() WHERE false`);
  await until(() => logged.length > 0);
  await reader.query('COMMIT');
  expect(await migrating).toEqual([nextMigration.path]);
  const expected = `^Migration ${nextMigration.path} waits for a lock .* of a-long-reader`;
  expect(logged).toContainEqual(expect.stringMatching(expected));
});

it('two processes that migrate at the same time beside a long reader apply each migration once', async () => {
  testDatabase = await createMigratedDatabase();
  const reader = await connect();
  await reader.query(`BEGIN; SELECT count(*) FROM billing.checkout_session`);
  const logged = [new Set<string>(), new Set<string>()];
  const both = logged.map((lines) => migrateToNext((line) => lines.add(line)));
  await until(() => logged.every((lines) => lines.size > 0));
  await reader.query('COMMIT');
  expect((await Promise.all(both)).flat()).toEqual([nextMigration.path]);
  const lines = logged.flatMap((one) => [...one]);
  // the other process leaves the tables alone
  expect(lines.filter((line) => line.startsWith(`Migration ${nextMigration.path} waits`))).toHaveLength(1);
  expect(lines).toContain('Another process migrates this database. Waiting for it.');
});

it('a migration that fails keeps those before it, and the next run continues with it', async () => {
  testDatabase = await createEmptyDatabase();
  const operator = await connect();
  await operator.query(`CREATE SCHEMA referral`); // in the way of the fifth
  const quietly = () => undefined;
  await expect(prepareDatabase(testDatabase.url, quietly)).rejects.toThrow(
    'schema "referral" already exists',
  );
  const { rows } = await operator.query<{ path: string }>(
    `SELECT path FROM public.schema_file ORDER BY path`,
  );
  const all = sqlFiles().migrations.map(({ path }) => path);
  expect(rows.map(({ path }) => path)).toEqual(all.slice(0, 4));
  await operator.query(`DROP SCHEMA referral`);
  const rest = await prepareDatabase(testDatabase.url, quietly);
  expect(rest.slice(0, all.length - 4)).toEqual(all.slice(4));
});

it('a migration runs beside a process of the version before, which then restarts on the new schema', async () => {
  testDatabase = await createMigratedDatabase();
  const older = await connect();
  // a process of the version before at work
  await older.query(`BEGIN; SELECT count(*) FROM billing.invoice`);
  expect(await migrateToNext()).toEqual([nextMigration.path]);
  await older.query('COMMIT');
  expect(await prepareDatabase(testDatabase.url)).toEqual([]);
});
