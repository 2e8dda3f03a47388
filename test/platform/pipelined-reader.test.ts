import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { openDataSource, getPool } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { lateralList, lateralLookup, ListLoader, RowLoader } from '../../src/platform/database/row-loader.js';
import { PipelinedReader } from '../../src/platform/database/driver/pipelined-reader.js';
import type { PreparedStatementClient } from '../../src/platform/database/driver/prepared-statement-client.js';
import { holdLock } from '../support/held-lock.js';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';

/** Many reads, one journey: and yet each is answered for itself. */
let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;
beforeAll(async () => {
  testDatabase = await createMigratedDatabase();
  dataSource = await openDataSource(testDatabase.url, 4);
  database = new Database(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

const mode = `SELECT current_setting('plan_cache_mode') AS mode, $1::int`;
const pid = async (): Promise<number | undefined> =>
  (await database.lookups.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid, $1::int`, [1]))[0]?.pid;

it('those of one turn share a connection, which is let go afterwards', async () => {
  const pids = await Promise.all(Array.from({ length: 20 }, pid));
  expect(new Set(pids).size).toBe(1);
  // all four are free
  await Promise.all(Array.from({ length: 4 }, () => database.query(`SELECT pg_sleep(0.01)`)));
});

it('an answer that leads to another question keeps the connection', async () => {
  let acquired = 0;
  const count = () => acquired++;
  getPool(dataSource).on('acquire', count);
  await pid();
  await pid();
  getPool(dataSource).off('acquire', count);
  expect(acquired).toBe(1);
});

it('one that fails leaves the others alone', async () => {
  const answers = await Promise.allSettled([
    pid(),
    database.lookups.query(`SELECT 1 / $1::int`, [0]),
    database.lookups.query(`SELECT no_such_column, $1::int`, [0]),
    pid(),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
});

it('those who come later do not wait behind a slow one', async () => {
  const pool = new pg.Pool({ connectionString: testDatabase.url });
  const held = await holdLock(pool, `SELECT pg_advisory_xact_lock(1)`);
  let now = 0;
  const pipelinedReader = new PipelinedReader(
    () => getPool(dataSource),
    () => now,
  );
  let isOver = false;
  const slow = pipelinedReader
    .query(`SELECT pg_advisory_xact_lock($1::int)`, [1])
    .then(() => (isOver = true));
  await held.untilBlocked();
  now = 51; // milliseconds without an answer
  expect((await pipelinedReader.query(`SELECT $1::int AS answer`, [2])).rows).toEqual([{ answer: 2 }]);
  expect(isOver).toBe(false);
  await held.release();
  await slow;
  await pool.end();
});

it('a connection that breaks fails those on it, and no one after them', async () => {
  const broken = await Promise.allSettled([
    database.lookups.query(`SELECT pg_terminate_backend(pg_backend_pid()), $1::int`, [1]),
    pid(),
  ]);
  for (const answer of broken)
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'platform.unavailable' } });
  expect(await pid()).toEqual(expect.any(Number));
});

it('a pool that is being closed, or is gone, is reported to everybody', async () => {
  const closed = await openDataSource(testDatabase.url, 1);
  const asked = new Database(closed).lookups;
  const ending = getPool(closed).end();
  const both = [asked.query(mode, [1]), asked.query(mode, [2])];
  for (const answer of await Promise.allSettled(both)) expect(answer.status).toBe('rejected');
  await expect(asked.query(mode, [1])).rejects.toThrow();
  await ending;
  const unready = new PipelinedReader(() => {
    throw new Error('It was never opened');
  });
  await expect(unready.query(mode, [1])).rejects.toThrow('never opened');
});

it('asks for many keys at once, and gives each its own', async () => {
  let statements = 0;
  const text = lateralLookup('text', `SELECT repeat(asked.key, 2) AS twice WHERE asked.key <> 'nobody'`);
  const twice = new RowLoader(async (keys) => {
    statements++;
    const rows = await database.lookups.query<{ askedFor: string; twice: string }>(text, [
      JSON.stringify(keys),
    ]);
    return new Map(rows.map((row) => [row.askedFor, row.twice]));
  });
  const keys = ['a', 'b"\\', 'nobody', 'a', 'ü,{}'];
  expect(await Promise.all(keys.map((key) => twice.load(key)))).toEqual([
    'aa',
    'b"\\b"\\',
    null,
    'aa',
    'ü,{}ü,{}',
  ]);
  expect(statements).toBe(1);
  const failing = new RowLoader<string>(() => Promise.reject(new Error('out of order')));
  await expect(Promise.all([failing.load('a'), failing.load('b')])).rejects.toThrow('out of order');
});

it('asks for the rows of many keys at once, and gives each its own, in their order', async () => {
  let statements = 0;
  const letters = new ListLoader<{ letter: string; above: number }>(
    () => {
      statements++;
      return database.lookups;
    },
    lateralList(
      'text',
      `SELECT letter, $2::int AS above FROM unnest(string_to_array(asked.key, NULL)) letter WHERE letter <> '-' ORDER BY 1 DESC`,
    ),
    () => [statements],
  );
  const lists = await Promise.all(['ba', '-', 'b"', 'ba', ''].map((key) => letters.load(key)));
  expect(lists.map((list) => list.map(({ letter }) => letter).join(''))).toEqual(['ba', '', 'b"', 'ba', '']);
  expect(await letters.load('c')).toEqual([{ letter: 'c', above: 2 }]); // the second statement
  expect(statements).toBe(2);
});

it('asks once for what is asked twice in a turn', async () => {
  const text = `SELECT clock_timestamp()::text AS at, $1::int`;
  const at = async (n: number) => (await database.lookups.query<{ at: string }>(text, [n]))[0]?.at;
  const [first, second, other] = await Promise.all([at(1), at(1), at(2)]);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect(await at(1)).not.toBe(first); // in the next turn it is read again
});

it('plans once, whatever is asked for, and leaves the connection as it was', async () => {
  expect(await database.lookups.query(mode, [1])).toMatchObject([{ mode: 'force_generic_plan' }]);
  const others = await Promise.all(Array.from({ length: 4 }, () => database.query(mode, [1])));
  for (const other of others) expect(other).toMatchObject([{ mode: 'auto' }]);
});

it('sets nothing behind a pooler, where the next statement may be another person’s', async () => {
  const pooled = await openDataSource(testDatabase.url, 1);
  getPool(pooled).on(
    'acquire',
    (client) => ((client as unknown as PreparedStatementClient).usesPreparedStatements = false),
  );
  expect(await new Database(pooled).lookups.query(mode, [1])).toMatchObject([{ mode: 'auto' }]);
  await pooled.destroy();
});
