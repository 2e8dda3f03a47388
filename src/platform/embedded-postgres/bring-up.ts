import { setTimeout as pause } from 'node:timers/promises';
import { Cluster } from './cluster.js';
import { answers } from './database.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { freePort } from './free-port.js';
import { clearRemains } from './postmaster.js';

/** What a server should be like when it has to be started. */
export interface Wanted {
  preferredPort: number | null;
  password: string;
  settings: Record<string, string>;
  log: (line: string) => void;
}

const patienceMs = 60_000; // crash recovery of a large write-ahead log takes its time
const pauseMs = 50;
const portTaken = /could not bind|could not create any TCP\/IP sockets/;
const deadNotGone = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

/**
 * Sees to it that the cluster's server runs and takes connections: adopts a running one, starts it otherwise.
 * Call it under the lock.
 * Errors: {@link EmbeddedPostgresError} with PostgreSQL's own words.
 */
export async function bringUp(cluster: Cluster, wanted: Wanted): Promise<{ port: number; started: boolean }> {
  const giveUpAt = performance.now() + patienceMs;
  let started = false;
  while (performance.now() < giveUpAt) {
    const found = cluster.postmaster();
    if (found?.running === true) {
      if (found.port !== null && (await answers(found.port, wanted.password)))
        return { port: found.port, started };
    } else if (found === null || clearRemains(cluster.dir, found)) {
      started = await tryToStart(cluster, wanted);
      if (started) continue;
    }
    await pause(pauseMs);
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL in ${cluster.dir} took no connections for ${patienceMs / 1000} s. ` +
      `Its own account is in ${cluster.dir}/server.log.`,
  );
}

async function tryToStart(cluster: Cluster, wanted: Wanted): Promise<boolean> {
  const port = await freePort(wanted.preferredPort);
  const complaint = await cluster.start(port, wanted.settings);
  if (complaint === null) {
    wanted.log(`Started the embedded PostgreSQL on 127.0.0.1:${port}, data in ${cluster.dir}`);
    return true;
  }
  if (portTaken.test(complaint) || deadNotGone.test(complaint)) return false;
  throw new EmbeddedPostgresError(`The embedded PostgreSQL in ${cluster.dir} did not start:\n${complaint}`);
}
