import { rmSync } from 'node:fs';

/** Stops what the set-up started. */
export default async function tearDown() {
  const server = globalThis.twofoldTestServer;
  if (server === undefined) return;
  await server.postgres.release();
  rmSync(server.dataDir, { recursive: true, force: true });
}
