import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { enqueueWrite } from '../../src/platform/database/tx.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  dataSource = await openDataSource(testDatabase.url, 3);
  database = new Database(dataSource);
  await database.query(`CREATE TABLE fact (id integer PRIMARY KEY, word text)`);
});

afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

const add = `INSERT INTO fact (id, word) VALUES ($1, $2)`;
const ids = async () =>
  (await database.query<{ id: number }>(`SELECT id FROM fact WHERE id >= $1 ORDER BY id`, [0])).map(
    ({ id }) => id,
  );

describe('what is sent without waiting', () => {
  it('what is sent without waiting is kept with the rest', async () => {
    await database.transaction(async (tx) => {
      enqueueWrite(tx, add, [1, 'one']);
      enqueueWrite(tx, add, [2, 'two']);
    });
    expect(await ids()).toEqual([1, 2]);
  });

  it('what is sent without waiting takes everything back when it fails, although nothing else did', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query(add, [3, 'three']);
      enqueueWrite(tx, add, [1, 'again']);
    });
    await expect(work).rejects.toThrow('fact_pkey');
    expect(await ids()).toEqual([1, 2]);
  });

  it('what is sent without waiting is named as the reason, not what was refused after it', async () => {
    const work = database.transaction(async (tx) => {
      enqueueWrite(tx, add, [1, 'again']);
      await tx.query(add, [3, 'three']);
    });
    await expect(work).rejects.toThrow('fact_pkey');
  });

  it('what is sent without waiting starts the transaction again when it lost a race', async () => {
    let tries = 0;
    await database.transaction(async (tx) => {
      tries++;
      if (tries === 1)
        enqueueWrite(
          tx,
          `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$`,
          [],
        );
      await tx.query(add, [10, 'ten']);
    });
    expect(tries).toBe(2);
    expect(await ids()).toEqual([1, 2, 10]);
  });
});

it('never calls committed what PostgreSQL took back', async () => {
  const work = database.transaction(async (tx) => {
    await tx.query(add, [20, 'twenty']);
    tx.query(add, [1, 'again']).catch(() => undefined); // a caller that forgot to wait
  });
  await expect(work).rejects.toThrow('no caller awaited');
  expect(await ids()).toEqual([1, 2, 10]);
});

it('refuses what comes after the end', async () => {
  const over = await database.transaction((tx) => Promise.resolve({ tx }));
  await expect(over.tx.query(add, [30, 'thirty'])).rejects.toThrow('The transaction is over');
  expect(await ids()).toEqual([1, 2, 10]);
});

describe('a statement whose table a migration has changed', () => {
  const all = `SELECT * FROM fact WHERE id = $1`;

  it('a statement whose table a migration has changed is prepared again by readers', async () => {
    await Promise.all([1, 2, 3].map((id) => database.query(all, [id]))); // on every connection
    await database.query(`ALTER TABLE fact ADD COLUMN more text DEFAULT 'm'`);
    const rows = await Promise.all([1, 2, 3].map(() => database.query(all, [1])));
    expect(rows).toEqual([1, 2, 3].map(() => [{ id: 1, word: 'one', more: 'm' }]));
  });

  it('a statement whose table a migration has changed is prepared again by transactions', async () => {
    await database.transaction((tx) => tx.query(all, [1]));
    await database.query(`ALTER TABLE fact ADD COLUMN most text DEFAULT 'n'`);
    const rows = await database.transaction((tx) => tx.query(all, [1]));
    expect(rows).toEqual([{ id: 1, word: 'one', more: 'm', most: 'n' }]);
  });
});

it('prepares no more than a bounded number of texts', async () => {
  for (let n = 0; n < 520; n++) await database.query(`SELECT $1::int AS n${n}`, [n]);
  const counts = await database.query<{ count: number }>(
    `SELECT count(DISTINCT split_part(name, '.', 1))::int AS count FROM pg_prepared_statements WHERE name LIKE $1`,
    ['s%'],
  );
  expect(counts[0]?.count).toBeLessThanOrEqual(500);
});
