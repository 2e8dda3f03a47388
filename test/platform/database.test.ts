import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { enqueueWrite, insertBeforeCommit, onCommit, type Tx } from '../../src/platform/database/tx.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

@Entity('fact')
class Fact {
  @PrimaryColumn('integer') id: number;
  @Column('text') word: string;
}

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  dataSource = await openDataSource(testDatabase.url, 3, [Fact]);
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

  it('what is sent together starts the transaction again when the first of it lost a race, and the caller hears of the second first', async () => {
    let tries = 0;
    await database.transaction(async (tx) => {
      tries++;
      const first = tx.query(
        tries === 1
          ? `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'lock_not_available'; END $$`
          : `SELECT 1`,
      );
      first.catch(() => undefined);
      await tx.query(`SELECT $1::int`, [2]);
      await first;
    });
    expect(tries).toBe(2);
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

describe('rows that are inserted before the commit', () => {
  const addFirst = ([id]: readonly number[]) => ({ sql: add, parameters: [id, 'first'] });
  const addMore = (ids: readonly number[]) => ({
    sql: `INSERT INTO fact (word, id) SELECT $1, unnest($2::int[])`,
    parameters: ['more', ids],
  });
  const rows = async () =>
    database.query<{ id: number; word: string }>(
      `SELECT id, word FROM fact WHERE id >= $1 ORDER BY id`,
      [100],
    );

  it('rows that are inserted before the commit come after all other work, each with its own values', async () => {
    let seen: unknown[] = [];
    await database.transaction(async (tx) => {
      insertBeforeCommit(tx, addFirst, 100);
      insertBeforeCommit(tx, addMore, 101);
      insertBeforeCommit(tx, addMore, 102);
      seen = await tx.query(`SELECT id FROM fact WHERE id >= $1`, [100]);
    });
    expect(seen).toEqual([]);
    expect(await rows()).toEqual([
      { id: 100, word: 'first' },
      { id: 101, word: 'more' },
      { id: 102, word: 'more' },
    ]);
  });

  it('rows that are inserted before the commit are refused together, and take the rest back', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query(add, [110, 'work']);
      insertBeforeCommit(tx, addFirst, 111);
      insertBeforeCommit(tx, addMore, 100);
    });
    await expect(work).rejects.toThrow('fact_pkey');
    expect((await rows()).map(({ id }) => id)).toEqual([100, 101, 102]);
    await database.query(`DELETE FROM fact WHERE id >= $1`, [100]);
  });
});

it('never calls committed what PostgreSQL took back', async () => {
  // a caller that forgot to wait
  const failing = (tx: Tx) => tx.query(add, [1, 'again']).catch(() => undefined);
  const together = database.transaction(async (tx) => {
    await tx.query(add, [20, 'twenty']);
    void failing(tx);
  });
  await expect(together).rejects.toThrow('fact_pkey');
  const before = database.transaction(async (tx) => {
    await tx.query(add, [20, 'twenty']);
    await failing(tx);
  });
  await expect(before).rejects.toThrow('no caller awaited');
  expect(await ids()).toEqual([1, 2, 10]);
});

it('refuses what comes after the end', async () => {
  const over = await database.transaction((tx) => Promise.resolve({ tx }));
  await expect(over.tx.query(add, [30, 'thirty'])).rejects.toThrow('The transaction is over');
  expect(await ids()).toEqual([1, 2, 10]);
});

describe('a repository in a transaction', () => {
  const facts = (tx: Tx) => tx.getRepository(Fact);
  /** Removes what these tests have added, whose ids begin at 40, and answers it. */
  const takeAdded = async () => {
    const added = (await ids()).filter((id) => id >= 40);
    await database.query(`DELETE FROM fact WHERE id >= $1`, [40]);
    return added;
  };

  it('a repository in a transaction reads what was written in it before, awaited or not', async () => {
    await database.transaction(async (tx) => {
      await tx.query(add, [40, 'forty']);
      enqueueWrite(tx, add, [41, 'forty-one']);
      expect(await facts(tx).findBy([{ id: 40 }, { id: 41 }])).toHaveLength(2);
      enqueueWrite(tx, `DELETE FROM fact WHERE id = ANY($1)`, [[40, 41]]);
      const count = tx.createQueryBuilder(Fact, 'fact').where('fact.id >= :first', { first: 40 }).getCount();
      expect(await count).toBe(0);
    });
  });

  it('a repository in a transaction saves, changes and removes together with the rest', async () => {
    await database.transaction(async (tx) => {
      await facts(tx).save({ id: 50, word: 'fifty' });
      await facts(tx).save({ id: 51, word: 'fifty-one' });
      expect(await facts(tx).update({ id: 50 }, { word: 'half' })).toMatchObject({ affected: 1 });
      expect(await facts(tx).delete({ id: 51 })).toMatchObject({ affected: 1 });
      expect(await tx.query(`SELECT word FROM fact WHERE id >= $1`, [50])).toEqual([{ word: 'half' }]);
    });
    expect(await takeAdded()).toEqual([50]);
  });

  it('a repository in a transaction keeps nothing when the transaction fails', async () => {
    const work = database.transaction(async (tx) => {
      await facts(tx).save({ id: 60, word: 'sixty' });
      await facts(tx).insert({ id: 61, word: 'sixty-one' });
      throw new Error('changed its mind');
    });
    await expect(work).rejects.toThrow('changed its mind');
    expect(await takeAdded()).toEqual([]);
  });

  it('a repository in a transaction can undo a part of it', async () => {
    await database.transaction(async (tx) => {
      await facts(tx).insert({ id: 70, word: 'seventy' });
      const part = tx.transaction(async (nested) => {
        await nested.getRepository(Fact).insert({ id: 71, word: 'seventy-one' });
        throw new Error('only this part');
      });
      await expect(part).rejects.toThrow('only this part');
    });
    expect(await takeAdded()).toEqual([70]);
  });

  it('a repository in a transaction starts it again when it lost a race', async () => {
    let tries = 0;
    await database.transaction(async (tx) => {
      tries++;
      await tx.query(`CREATE FUNCTION pg_temp.lose_race() RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$`);
      if (tries === 1) await tx.createQueryBuilder(Fact, 'fact').where('pg_temp.lose_race()').getMany();
    });
    expect(tries).toBe(2);
  });

  it('a repository in a transaction writes nothing once that is over', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const over = await database.transaction((tx) => {
      onCommit(tx, () => {
        late = facts(tx).insert({ id: 80, word: 'eighty' }); // the connection is not released yet
        late.catch(() => undefined);
      });
      return Promise.resolve({ tx });
    });
    await expect(late).rejects.toThrow('The transaction is over');
    await expect(facts(over.tx).save({ id: 81, word: 'eighty-one' })).rejects.toThrow();
    await expect(facts(over.tx).find()).rejects.toThrow();
    expect(await takeAdded()).toEqual([]);
  });
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
