import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { loadConfig } from '../../src/platform/config/config.js';
import { openDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { ReplicaReads, Replica } from '../../src/platform/database/replica-reads.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { createStaff } from '../support/staff.js';
import { startPrimaryWithStandby, type PrimaryWithStandby } from '../support/standby.js';
import { until } from '../support/until.js';
import { createWorld } from '../support/world.js';

Logger.overrideLogger(false); // what is noted here is meant to happen

describe('reads that may be late', () => {
  let primaryWithStandby: PrimaryWithStandby;
  let dataSource: DataSource;
  let database: Database;
  let standby: pg.Client;
  const open: ReplicaReads[] = [];

  beforeAll(async () => {
    primaryWithStandby = await startPrimaryWithStandby();
    dataSource = await openDataSource(
      `${primaryWithStandby.standby.split('/postgres')[0]},${new URL(primaryWithStandby.primary).host}/postgres`,
      2,
    );
    database = new Database(dataSource);
    await database.query(`CREATE TABLE fact (id integer PRIMARY KEY)`);
    standby = new pg.Client({ connectionString: primaryWithStandby.standby });
    standby.on('error', () => undefined); // it is stopped in the end
    await standby.connect();
    await until(async () => (await isAtStandby(reads())) === true);
  });
  afterAll(async () => {
    await Promise.all(open.map((each) => each.onApplicationShutdown()));
    await dataSource.destroy();
    await standby.end().catch(() => undefined);
    await primaryWithStandby.close();
  });

  function reads(url = primaryWithStandby.standby, lagMs = 1): ReplicaReads {
    const made = new ReplicaReads(database, new Replica(url, { maxLagMs: lagMs, retryAfterMs: 0 }));
    open.push(made);
    return made;
  }
  const isAtStandby = async (from: ReplicaReads) =>
    (await from.query<{ standby: boolean }>(`SELECT pg_is_in_recovery() AS standby`))[0]?.standby;

  it('reads that may be late are written nowhere near the standby, whichever comes first in the list', async () => {
    await database.transaction((tx) => tx.query(`INSERT INTO fact VALUES ($1)`, [1]));
  });

  it('reads that may be late go to the standby while it has all that was written', async () => {
    const mine = reads();
    await until(async () => (await isAtStandby(mine)) === true);
    expect(await mine.query(`SELECT id FROM fact WHERE id = $1`, [1])).toEqual([{ id: 1 }]);
  });

  it('reads that may be late come back to the primary when the standby has fallen behind, and go again once it has caught up', async () => {
    const [mine, patient] = [reads(), reads(primaryWithStandby.standby, 3_600_000)];
    await until(async () => (await isAtStandby(mine)) === true);
    await standby.query('SELECT pg_wal_replay_pause()');
    await database.query(`INSERT INTO fact VALUES (2)`);
    expect(await mine.query(`SELECT id FROM fact WHERE id = $1`, [2])).toEqual([{ id: 2 }]);
    expect(await isAtStandby(mine)).toBe(false);
    expect(await isAtStandby(patient)).toBe(true); // an hour would have been well
    await standby.query('SELECT pg_wal_replay_resume()');
    await until(async () => (await isAtStandby(mine)) === true);
  });

  it('reads that may be late report a statement that is wrong as ever', async () => {
    await expect(reads().query('SELECT nothing')).rejects.toThrow('column "nothing" does not exist');
  });

  it('reads that may be late do not go to a server that is no standby', async () => {
    const rows = await reads(primaryWithStandby.primary).query(
      `SELECT current_setting('application_name') AS by`,
    );
    expect(rows).toEqual([{ by: 'twofold' }]); // not by the connection that was for reads
  });

  it('reads that may be late go on when the standby is gone', async () => {
    const mine = reads();
    await until(async () => (await isAtStandby(mine)) === true);
    await primaryWithStandby.stopStandby();
    expect(await isAtStandby(mine)).toBe(false);
  });
});

it('statistics are reported although the replica is away', async () => {
  const databaseReadUrl = `postgres://nobody@127.0.0.1:${await freePort()}/nothing`;
  const world = await createWorld({ databaseReadUrl });
  const staff = await createStaff(world);
  expect((await staff.api('GET', 'stats', staff.support)).statusCode).toBe(200);
  await world.close();
});

it('a replica is one server', () => {
  const read = (DATABASE_READ_URL: string) => () => loadConfig({ DATABASE_READ_URL });
  expect(read('postgres://u:p@one/d')).not.toThrow();
  expect(read('postgres://u:p@one,two/d')).toThrow('DATABASE_READ_URL: exactly one server');
});
