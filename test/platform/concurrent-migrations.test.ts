import { afterEach, expect, it } from 'vitest';
import pg from 'pg';
import { migrationFiles } from '../../src/platform/database/migration-files.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { createEmptyDatabase, createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** Migrations beside processes that read and write: what they wait for, and who waits for them. */
const pending = 'checkout_pages_0000000000042';
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

const migrationsRun = async (): Promise<number> => {
  const { rows } = await (
    await connect()
  ).query<{ n: number }>(`SELECT count(*)::int AS n FROM public.migrations`);
  return rows[0]?.n ?? NaN;
};

/** A migrated database whose table of checkout pages is still that of the release before. */
async function prepareOneBehind(): Promise<void> {
  testDatabase = await createMigratedDatabase();
  await (
    await connect()
  ).query(
    `ALTER TABLE billing.checkout_session DROP COLUMN closed_at, DROP COLUMN request_digest;
     DELETE FROM public.migrations WHERE name = '${pending}'`,
  );
}

it('a migration that meets a long reader holds no writer up behind it, and runs once the reader has ended', async () => {
  await prepareOneBehind();
  const [reader, writer, onlooker] = [await connect(), await connect(), await connect()];
  await reader.query(`BEGIN; SELECT count(*) FROM billing.checkout_session`);
  const said: string[] = [];
  const migrating = prepareDatabase(testDatabase.url, (line) => said.push(line));
  await until(async () => {
    const { rowCount } = await onlooker.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'
         AND relation = 'billing.checkout_session'::regclass`,
    );
    return rowCount === 1;
  });
  await writer.query(`SET lock_timeout = '10s'`); // far more than a writer may have to wait
  await writer.query(`UPDATE billing.checkout_session SET completed_at = now() WHERE false`);
  await until(() => said.length > 0);
  await reader.query('COMMIT');
  expect(await migrating).toEqual([pending]);
  expect(said).toEqual([expect.stringMatching(`^Migration ${pending} waits for a lock .* of a-long-reader`)]);
});

it('two processes that migrate at once beside a long reader run each migration once', async () => {
  await prepareOneBehind();
  const reader = await connect();
  await reader.query(`BEGIN; SELECT count(*) FROM billing.checkout_session`);
  const said: string[] = [];
  const both = [1, 2].map(() => prepareDatabase(testDatabase.url, (line) => said.push(line)));
  await until(() => said.length === 2);
  await reader.query('COMMIT');
  expect((await Promise.all(both)).flat()).toEqual([pending]);
  const about = `Migration ${pending} waits for a lock`;
  expect(said.filter((line) => line.startsWith(about))).toHaveLength(1); // the other process leaves the tables alone
  expect(said).toContain('Another process migrates this database. Waiting for it.');
});

it('a migration that fails keeps those before it, and the next run goes on with it', async () => {
  testDatabase = await createEmptyDatabase();
  const operator = await connect();
  await operator.query(`CREATE SCHEMA mail`); // in the way of the sixth
  const quietly = () => undefined;
  await expect(prepareDatabase(testDatabase.url, quietly)).rejects.toThrow('schema "mail" already exists');
  expect(await migrationsRun()).toBe(5);
  await operator.query(`DROP SCHEMA mail`);
  const rest = await prepareDatabase(testDatabase.url, quietly);
  expect(rest[0]).toBe('mail_0000000000006');
  expect(rest).toHaveLength(migrationFiles.length - 5);
});
