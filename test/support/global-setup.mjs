import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { useEmbeddedPostgres } from '../../dist/platform/embedded-postgres/index.js';
import { prepareDatabase } from '../../dist/prepare-database.js';

/** Starts one PostgreSQL for the whole run and migrates the template that every test file copies. */
export default async function setUp() {
  const server = process.env.TEST_DATABASE_URL ?? (await startServer());
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  const template = `twofold_template_${process.pid}`; // several runs may share one server
  await admin.query(`CREATE DATABASE ${template}`);
  await admin.end();
  await prepareDatabase(Object.assign(new URL(server), { pathname: `/${template}` }).href);
  process.env.TWOFOLD_TEST_SERVER = server;
  process.env.TWOFOLD_TEST_TEMPLATE = template;
}

async function startServer() {
  const dataDir = mkdtempSync(join(tmpdir(), 'twofold-test-'));
  chmodSync(dataDir, 0o755); // else PostgreSQL, which root runs as another user, would be sheltered elsewhere
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  };
  const postgres = await useEmbeddedPostgres({ dataDir, settings, log: () => {} });
  globalThis.twofoldTestServer = { postgres, dataDir };
  return postgres.url;
}
