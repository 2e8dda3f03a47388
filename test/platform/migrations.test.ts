import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { sqlFiles, type SqlFile } from '../../src/platform/database/migration-files.js';
import {
  countPending,
  describeFiles,
  OlderDatabaseError,
} from '../../src/platform/database/migration-status.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { runTwofoldProcess } from '../cli/run-twofold.js';
import { createEmptyDatabase, createMigratedDatabase, type TestDatabase } from '../support/database.js';

let testDatabase: TestDatabase;
let sql: pg.Pool;
const quietly = () => undefined;

async function use(database: TestDatabase): Promise<void> {
  testDatabase = database;
  sql = new pg.Pool({ connectionString: database.url, max: 2 });
}

afterEach(async () => {
  await sql.end();
  await testDatabase.drop();
});

describe('a database of a version before 0.6.0', () => {
  beforeEach(async () => {
    await use(await createEmptyDatabase());
    // what 0.1.0 to 0.5.0 create first
    await sql.query(
      `CREATE TABLE public.migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL);
       INSERT INTO public.migrations (timestamp, name) VALUES (1, 'platform_0000000000001');
       CREATE SCHEMA platform; CREATE TABLE platform.audit (id uuid PRIMARY KEY); CREATE SCHEMA mail`,
    );
  });

  const catalog = async (): Promise<unknown[]> =>
    (await sql.query(`SELECT oid, relname, relnamespace FROM pg_class ORDER BY oid`)).rows;

  it('is refused with a sentence that says what to do, and nothing is changed', async () => {
    const before = await catalog();
    const preparing = prepareDatabase(testDatabase.url, quietly);
    await expect(preparing).rejects.toThrow(OlderDatabaseError);
    await expect(preparing).rejects.toThrow('set DATABASE_URL to an empty database');
    expect(await catalog()).toEqual(before);
  });

  it.each(['migrate', 'serve', 'worker', 'doctor'])('is refused by `twofold %s`', async (command) => {
    const before = await catalog();
    const environment = {
      DATABASE_URL: testDatabase.url,
      SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
      STRIPE_SECRET_KEY: 'sk_test_of_twofold',
      STRIPE_WEBHOOK_SECRET: 'whsec_test_of_twofold',
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    };
    const { exitCode, stdout, stderr } = await runTwofoldProcess(environment, command);
    expect([exitCode, stdout + stderr]).toEqual([1, expect.stringContaining('0.5.0 or older')]);
    expect(await catalog()).toEqual(before);
  });
});

it('another table called migrations does not make it a database of this application', async () => {
  await use(await createEmptyDatabase());
  await sql.query(`CREATE TABLE public.migrations (name text)`);
  expect(await prepareDatabase(testDatabase.url, quietly)).toContain('0001_auth.sql');
});

describe('an SQL function', () => {
  beforeEach(async () => use(await createMigratedDatabase()));

  const lockStripeIds = 'functions/billing.lock_stripe_ids.sql';
  const changed = (path: string, sql: string): SqlFile => ({ path, sql, hash: 'another' });
  const answerNine = changed(
    'functions/test.answer.sql',
    'CREATE OR REPLACE FUNCTION public.answer() RETURNS integer LANGUAGE sql RETURN 9',
  );

  /** What a build with these functions does. */
  async function migrateWith(...others: SqlFile[]): Promise<string[]> {
    const dataSource = await openDataSource(testDatabase.url, 2);
    const { migrations, functions } = sqlFiles();
    const kept = functions.filter(({ path }) => others.every((other) => other.path !== path));
    try {
      return await migrate(dataSource, quietly, { migrations, functions: [...kept, ...others] });
    } finally {
      await dataSource.destroy();
    }
  }

  it('is applied when its text is new or changed, and only then', async () => {
    expect(await migrateWith(answerNine)).toEqual([answerNine.path]);
    expect((await sql.query(`SELECT public.answer()`)).rows).toEqual([{ answer: 9 }]);
    expect(await migrateWith(answerNine)).toEqual([]);
    const answerTen = { ...answerNine, sql: answerNine.sql.replace('9', '10'), hash: 'a third' };
    expect(await migrateWith(answerTen)).toEqual([answerNine.path]);
    expect((await sql.query(`SELECT public.answer()`)).rows).toEqual([{ answer: 10 }]);
  });

  it('stays as it is when another changed one fails', async () => {
    const broken = changed('functions/z.broken.sql', 'CREATE FUNCTION public.broken() BROKEN');
    await expect(migrateWith(answerNine, broken)).rejects.toThrow('syntax error');
    const { rows } = await sql.query(`SELECT to_regproc('public.answer') AS found`);
    expect(rows).toEqual([{ found: null }]);
  });

  it('of a newer version is left alone by an older process', async () => {
    await sql.query(`UPDATE public.schema_file SET hash = 'newer', version = '999.0.0' WHERE path = $1`, [
      lockStripeIds,
    ]);
    const dataSource = await openDataSource(testDatabase.url, 1);
    expect(await countPending(dataSource)).toBe(0);
    expect((await describeFiles(dataSource)).filter((line) => !line.startsWith('applied'))).toEqual([
      `newer      ${lockStripeIds} (999.0.0)`,
    ]);
    await dataSource.destroy();
    expect(await prepareDatabase(testDatabase.url, quietly)).toEqual([]);
  });

  it('that changed keeps a process from being ready until it is applied', async () => {
    await sql.query(`UPDATE public.schema_file SET hash = 'older' WHERE path = $1`, [lockStripeIds]);
    const dataSource = await openDataSource(testDatabase.url, 1);
    expect(await countPending(dataSource)).toBe(1);
    await dataSource.destroy();
    expect(await prepareDatabase(testDatabase.url, quietly)).toEqual([lockStripeIds]);
  });
});
