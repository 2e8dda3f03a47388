import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import pg from 'pg';
import { useEmbeddedPostgres } from '../../dist/embedded-postgres/index.js';
import { prepareDatabase } from '../../dist/prepare-database.js';

/**
 * Starts one PostgreSQL for the whole run and migrates the template that every test file copies.
 * Runs that share one server (`TEST_DATABASE_URL`) may share its template as well
 * (`TEST_DATABASE_TEMPLATE`).
 */
export default async function setUp() {
  const started = process.env.TEST_DATABASE_URL ? null : await startServer();
  const server = process.env.TEST_DATABASE_URL ?? started.url;
  const template = process.env.TEST_DATABASE_TEMPLATE ?? (await makeTemplate(server));
  process.env.TWOFOLD_TEST_SERVER = server;
  process.env.TWOFOLD_TEST_TEMPLATE = template;
  process.env.TWOFOLD_TEST_BROWSER = await findBrowser();
  return async () => {
    if (started !== null) await started.stop();
    else if (!process.env.TEST_DATABASE_TEMPLATE) await dropTemplate(server, template);
  };
}

/**
 * Debian's Chromium where it is installed; else the one inside an npm package, which is unpacked
 * here: of several files that begin at once, one would start what another is still writing.
 */
async function findBrowser() {
  const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return paths.find(existsSync) ?? sparticuz.executablePath();
}

async function makeTemplate(server) {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  const template = `twofold_template_${process.pid}`; // several runs may share one server
  await admin.query(`CREATE DATABASE ${template}`);
  await admin.end();
  await prepareDatabase(Object.assign(new URL(server), { pathname: `/${template}` }).href);
  return template;
}

async function startServer() {
  const dataDir = mkdtempSync(join(tmpdir(), 'twofold-test-'));
  // else PostgreSQL, which root runs as another user, would be sheltered elsewhere
  chmodSync(dataDir, 0o755);
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  };
  const postgres = await useEmbeddedPostgres({ dataDir, settings, log: () => {} });
  const stop = async () => {
    await postgres.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}

/** From a server that was given, only the template is taken away. */
async function dropTemplate(server, template) {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`DROP DATABASE ${template}`);
  await admin.end();
}
