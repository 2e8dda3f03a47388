import { afterEach, beforeEach, expect, it } from 'vitest';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { openDataSource, getPool } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { PrimaryFinder } from '../../src/platform/database/driver/primary-finder.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { startProxy } from '../support/postgres-proxy.js';
import { freePort } from '../../src/embedded-postgres/index.js';

let testDatabase: TestDatabase;
const open: DataSource[] = [];

beforeEach(async () => {
  testDatabase = await createEmptyDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
  await testDatabase.drop();
});

/** The test's database by several roads, one connection at a time. */
async function connectThrough(
  ...ports: (string | number)[]
): Promise<{ database: Database; dataSource: DataSource }> {
  const url = new URL(testDatabase.url);
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  const dataSource = await openDataSource(testDatabase.url.replace(url.host, hosts), 1);
  open.push(dataSource);
  return { dataSource, database: new Database(dataSource) };
}

const write = (database: Database) =>
  database.transaction((tx) => tx.query(`CREATE TABLE IF NOT EXISTS fact (id integer)`));

it('passes over a server that is away', async () => {
  const { database } = await connectThrough(await freePort(), new URL(testDatabase.url).port);
  await write(database);
});

it('goes on at another server when the one it knew is gone', async () => {
  const road = await startProxy(testDatabase.url);
  const { database } = await connectThrough(new URL(road.url).port, new URL(testDatabase.url).port);
  await write(database);
  await road.close();
  await database.query('SELECT 1').catch(() => undefined); // finds out, if it is not known yet
  await write(database);
});

it('never uses a connection again that takes no writes any more', async () => {
  const { port } = new URL(testDatabase.url);
  const { database, dataSource } = await connectThrough(port, port);
  await getPool(dataSource).query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
  await expect(write(database)).rejects.toMatchObject({ code: 'platform.unavailable' });
  await write(database);
});

it('opens no connection to servers that are closed for writes, and says which they are', async () => {
  const { port, pathname } = new URL(testDatabase.url);
  const { database } = await connectThrough(port, port);
  await database.query(`ALTER DATABASE ${pathname.slice(1)} SET default_transaction_read_only = on`);
  await expect(connectThrough(port, port)).rejects.toThrow(`127.0.0.1:${port} accepts no writes`);
});

it('looks for the one that takes writes with TLS where the URL asks for it', async () => {
  const first: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', (bytes) => first.push(bytes) && socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const url = `postgres://u:p@127.0.0.1:${host.port}/d?sslmode=no-verify`;
  await expect(new PrimaryFinder([host], { connectionString: url }).find()).rejects.toThrow(
    'No server accepts writes',
  );
  server.close();
  expect(first[0]?.readInt32BE(4)).toBe(80877103); // what a client says that wants TLS
});
