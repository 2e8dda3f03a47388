import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { getPool, openDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

/** What PostgreSQL and the connection say to each other. */
let testDatabase: TestDatabase;
let dataSource: DataSource;
let client: PoolClient;
beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
});
afterAll(() => testDatabase.drop());
beforeEach(async () => {
  dataSource = await openDataSource(testDatabase.url, 1);
  client = await getPool(dataSource).connect();
});
afterEach(async () => {
  client.release();
  await dataSource.destroy();
});

const settled = (statements: readonly [sql: string, parameters: unknown[]][]) =>
  Promise.allSettled(
    statements.map(async (statement) => (await client.query(...statement)).rows as unknown[]),
  );

/** Gives the only connection back meanwhile. */
async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  client.release();
  try {
    await work(new Database(dataSource));
  } finally {
    client = await getPool(dataSource).connect();
  }
}

/** How many messages of this kind come meanwhile. */
async function countMessages(name: string, work: () => Promise<unknown>): Promise<number> {
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  let count = 0;
  const add = () => count++;
  connection.on(name, add);
  await work();
  connection.off(name, add);
  return count;
}

it('statements that are sent together are ended together', async () => {
  const three = () => settled([1, 2, 3].map((n) => [`SELECT ${n} AS n, $1::int`, [n]]));
  expect(await countMessages('readyForQuery', three)).toBe(1);
  expect(await countMessages('commandComplete', three)).toBe(3);
});

it('a text without parameters is answered in its place among them, also after one that fails', async () => {
  const sent = [
    client.query(`SELECT 1 AS n WHERE $1`, [true]),
    client.query(`SELECT 1 / $1::int AS n`, [0]),
    client.query(`SELECT 2 AS n`),
    client.query(`SELECT 3 AS n WHERE $1`, [true]),
  ];
  const answers = await Promise.all(
    sent.map((answer) =>
      answer.then(({ rows }) => rows as unknown[]).catch(({ code }: { code: string }) => code),
    ),
  );
  expect(answers).toEqual([[{ n: 1 }], '22012', [{ n: 2 }], [{ n: 3 }]]);
});

it('a text of several statements is sent as it is, also with an empty list of parameters', async () => {
  const answers = await client.query(`SELECT 1 AS n; SELECT 2 AS n`, []);
  const [first, second] = answers as unknown as [{ rows: unknown[] }, { rows: unknown[] }];
  expect([first.rows, second.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
});

it('how to read the rows is asked for once', async () => {
  const one = () => settled([[`SELECT now() AS at, $1::int AS n, $2::json AS json`, [1, '{"a":1}']]]);
  expect(await countMessages('rowDescription', one)).toBe(1);
  expect(await countMessages('rowDescription', one)).toBe(0);
  expect(await one()).toEqual([
    { status: 'fulfilled', value: [{ at: expect.any(Date), n: 1, json: { a: 1 } }] },
  ]);
});

it('rows are read as they are after a column has changed', () =>
  withDatabase(async (database) => {
    await database.query(`CREATE TABLE thing (value integer)`);
    await database.query(`INSERT INTO thing VALUES (7)`);
    const read = () => database.query(`SELECT * FROM thing WHERE $1`, [true]);
    expect(await read()).toEqual([{ value: 7 }]);
    expect(await read()).toEqual([{ value: 7 }]);
    await database.query(`ALTER TABLE thing ALTER value TYPE text, ADD more integer[] DEFAULT '{1}'`);
    expect(await read()).toEqual([{ value: '7', more: [1] }]);
  }));

it('what is sent together with a statement that fails is not done, and may be sent again', async () => {
  const division: [string, unknown[]] = [`SELECT 1 / $1::int`, [0]];
  const insert: [string, unknown[]] = [`INSERT INTO fact VALUES ($1) RETURNING id`, [1]];
  await client.query(`CREATE TABLE fact (id integer)`);
  const [failed, ...passedOver] = await settled([division, insert, insert]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
  for (const answer of passedOver)
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: '25P02' } });
  expect(await settled([insert])).toEqual([{ status: 'fulfilled', value: [{ id: 1 }] }]);
  expect((await client.query(`SELECT id FROM fact`)).rows).toEqual([{ id: 1 }]);
});

it('a value that cannot be sent fails its statement only', () =>
  withDatabase(async (database) => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const failing = database.query(`SELECT $1::json AS value`, [circular]);
    const others = [
      database.query(`SELECT $1::json AS value`, ['1']),
      database.query(`SELECT $1::int AS value`, [2]),
    ];
    await expect(failing).rejects.toThrow('circular');
    expect(await Promise.all(others)).toEqual([[{ value: 1 }], [{ value: 2 }]]);
  }));

it('lookups that count on a statement that was passed over are answered all the same', () =>
  withDatabase(async (database) => {
    const { lookups } = database;
    const soon = () => new Promise((resume) => setImmediate(resume));
    const failing = lookups.query(`SELECT 1 / $1::int`, [0]).catch((error: unknown) => error);
    const answers = [lookups.query(`SELECT $1::int AS n`, [1])];
    for (const n of [2, 3]) {
      await soon(); // they leave before it is known that one has failed
      answers.push(lookups.query(`SELECT $1::int AS n`, [n]));
    }
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map((n) => [{ n }]));
    expect(await failing).toMatchObject({ code: '22012' });
  }));

it('a lookup that the server has forgotten is prepared again', () =>
  withDatabase(async (database) => {
    const lookUp = () => database.lookups.query(`SELECT $1::int AS n`, [1]);
    await lookUp();
    await database.query('DEALLOCATE ALL');
    expect(await lookUp()).toEqual([{ n: 1 }]);
  }));
