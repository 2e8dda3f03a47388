import { join } from 'node:path';
import { chooseAccount, findSharedDirectory } from './os-account.js';
import { BinaryPackage, findBinaryPackage, prepareBinaries } from './binaries.js';
import { ensureRunning } from './ensure-running.js';
import { Cluster } from './cluster.js';
import { databaseName, connectionUrl } from './database.js';
import { withFileLock } from './file-lock.js';
import { Leases } from './leases.js';
import { ClusterState, createState, readState, writeState } from './cluster-state.js';

/** Where the server keeps its things, and its settings. */
export interface EmbeddedPostgresOptions {
  /** Absolute; made when missing. Callers with the same directory share one server. */
  dataDir: string;
  /** Gets what a person at the terminal may want to know, a line at a time. */
  log: (line: string) => void;
  /** PostgreSQL settings for a server that has to be started; a running one keeps its own. */
  settings?: Record<string, string>;
}

/** A server in use. */
export interface EmbeddedPostgres {
  url: string;
  /** Whether this call started the server, rather than joining one that ran. */
  started: boolean;
  /** Ends this use; the last one stops the server. Idempotent: the same promise. */
  release(): Promise<void>;
}

/**
 * Gives the caller a PostgreSQL of its own data directory: started, or shared with the processes
 * that use it already, whatever was killed before.
 * Errors: EmbeddedPostgresError, whose message says what to do.
 */
export async function useEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const source = findBinaryPackage();
  const lockDir = join(options.dataDir, 'embedded-postgres.lock');
  return withFileLock(lockDir, async () => {
    const { cluster, state } = await openCluster(options, source);
    const server = { preferredPort: state.port, password: state.password, settings: options.settings ?? {} };
    const { port, started } = await ensureRunning(cluster, { ...server, log: options.log });
    if (port !== state.port) writeState(options.dataDir, { ...state, port });
    const leases = new Leases(join(options.dataDir, 'embedded-postgres.holders'));
    const lease = leases.add();
    let released: Promise<void> | undefined;
    const release = () => (released ??= withFileLock(lockDir, () => releaseLease(cluster, leases, lease)));
    return { url: connectionUrl(port, state.password), started, release };
  });
}

/** Finds the data of the directory, or makes it. */
async function openCluster(
  { dataDir, log }: EmbeddedPostgresOptions,
  source: BinaryPackage,
): Promise<{ cluster: Cluster; state: ClusterState }> {
  const known = readState(dataDir);
  const account = chooseAccount(dataDir, known?.clusterDir ?? null);
  const state = known ?? createState(dataDir, account);
  const binDir = await prepareBinaries(source, account, () =>
    account === null ? dataDir : findSharedDirectory(account),
  );
  const cluster = new Cluster(state.clusterDir, binDir, account);
  if (cluster.exists) {
    cluster.rejectOtherMajor(source.major);
    if (known === null) cluster.rejectLostPassword();
    return { cluster, state };
  }
  log(`Creating an embedded PostgreSQL ${source.major} in ${state.clusterDir}`);
  writeState(dataDir, state); // before the data: a password that is lost locks everybody out
  await cluster.create(databaseName, state.password);
  return { cluster, state };
}

async function releaseLease(cluster: Cluster, leases: Leases, lease: string): Promise<void> {
  leases.remove(lease);
  if (leases.count() === 0) await cluster.stop();
}
