import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, removeStalePid } from './cluster.js';
import { acceptsConnections } from './database.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** What a server should be like when it has to be started. */
export interface ServerOptions {
  preferredPort: number | null;
  password: string;
  settings: Record<string, string>;
  log: (line: string) => void;
}

const startTimeoutMs = 60_000; // crash recovery of a large write-ahead log takes its time
const pauseMs = 50;
const portInUse = /could not bind|could not create any TCP\/IP sockets/;
const stalePidFile = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

/**
 * Sees to it that the cluster's server runs and takes connections: adopts a running one, starts it
 * otherwise. Call it under the lock.
 * Errors: {@link EmbeddedPostgresError} with PostgreSQL's own words.
 */
export async function ensureRunning(
  cluster: Cluster,
  options: ServerOptions,
): Promise<{ port: number; started: boolean }> {
  const deadline = performance.now() + startTimeoutMs;
  let started = false;
  while (performance.now() < deadline) {
    const found = cluster.postmaster();
    if (found?.running === true) {
      if (found.port !== null && (await acceptsConnections(found.port, options.password)))
        return { port: found.port, started };
    } else if (found === null || removeStalePid(cluster.dir, found)) {
      started = await tryStart(cluster, options);
      if (started) continue;
    }
    await pause(pauseMs);
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL in ${cluster.dir} accepted no connections for ${startTimeoutMs / 1000} s. ` +
      `See ${cluster.dir}/server.log.`,
  );
}

async function tryStart(cluster: Cluster, options: ServerOptions): Promise<boolean> {
  const port = await freePort(options.preferredPort);
  const failure = await cluster.start(port, options.settings);
  if (failure === null) {
    options.log(`Started the embedded PostgreSQL on 127.0.0.1:${port}, data in ${cluster.dir}`);
    return true;
  }
  if (portInUse.test(failure) || stalePidFile.test(failure)) return false;
  throw new EmbeddedPostgresError(`The embedded PostgreSQL in ${cluster.dir} did not start:\n${failure}`);
}

/**
 * A TCP port of 127.0.0.1 without a listener: `preferred` when it is free, otherwise one below
 * those that systems give to outgoing connections, so that none takes it before its server listens.
 */
export async function freePort(preferred: number | null = null): Promise<number> {
  if (preferred !== null && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('The system has no free TCP port on 127.0.0.1.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
