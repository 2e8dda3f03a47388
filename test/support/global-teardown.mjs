import { rmSync } from 'node:fs';
import pg from 'pg';

/** Stops what the set-up started; from a server that was given, only the template is taken away. */
export default async function tearDown() {
  const started = globalThis.twofoldTestServer;
  if (started === undefined) return process.env.TEST_DATABASE_TEMPLATE ? undefined : dropTemplate();
  await started.postgres.release();
  rmSync(started.dataDir, { recursive: true, force: true });
}

async function dropTemplate() {
  const admin = new pg.Client({ connectionString: process.env.TWOFOLD_TEST_SERVER });
  await admin.connect();
  await admin.query(`DROP DATABASE ${process.env.TWOFOLD_TEST_TEMPLATE}`);
  await admin.end();
}
