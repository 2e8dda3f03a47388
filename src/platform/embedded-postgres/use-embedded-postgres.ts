import { join } from 'node:path';
import { chooseAccount } from './account.js';
import { BinaryPackage, findBinaryPackage, placeBinaries } from './binaries.js';
import { bringUp } from './bring-up.js';
import { Cluster } from './cluster.js';
import { databaseName, urlOf } from './database.js';
import { withLock } from './generation-lock.js';
import { Holders } from './holders.js';
import { findShelter } from './shelter.js';
import { ClusterState, newState, readState, writeState } from './state.js';

/** Where the server keeps its things, and what it is told. */
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
  /** Ends this use; the last one stops the server. Again: the same promise. */
  release(): Promise<void>;
}

/**
 * Gives the caller a PostgreSQL of its own data directory: started, or shared with the processes that use it
 * already, whatever was killed before.
 * Errors: EmbeddedPostgresError, whose message says what to do.
 */
export async function useEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const source = findBinaryPackage();
  const lockDir = join(options.dataDir, 'embedded-postgres.lock');
  return withLock(lockDir, async () => {
    const { cluster, state } = await open(options, source);
    const wanted = { preferredPort: state.port, password: state.password, settings: options.settings ?? {} };
    const { port, started } = await bringUp(cluster, { ...wanted, log: options.log });
    if (port !== state.port) writeState(options.dataDir, { ...state, port });
    const holders = new Holders(join(options.dataDir, 'embedded-postgres.holders'));
    const mine = holders.add();
    let released: Promise<void> | undefined;
    const release = () => (released ??= withLock(lockDir, () => leave(cluster, holders, mine)));
    return { url: urlOf(port, state.password), started, release };
  });
}

/** Finds the data of the directory, or makes it. */
async function open(
  { dataDir, log }: EmbeddedPostgresOptions,
  source: BinaryPackage,
): Promise<{ cluster: Cluster; state: ClusterState }> {
  const known = readState(dataDir);
  const account = chooseAccount(dataDir, known?.clusterDir ?? null);
  const state = known ?? newState(dataDir, account);
  const binDir = await placeBinaries(source, account, () =>
    account === null ? dataDir : findShelter(account),
  );
  const cluster = new Cluster(state.clusterDir, binDir, account);
  if (cluster.exists) {
    cluster.refuseOtherMajor(source.major);
    if (known === null) cluster.refuseUnknownPassword();
    return { cluster, state };
  }
  log(`Making an embedded PostgreSQL ${source.major} in ${state.clusterDir}`);
  writeState(dataDir, state); // before the data: a password that is lost locks everybody out
  await cluster.create(databaseName, state.password);
  return { cluster, state };
}

async function leave(cluster: Cluster, holders: Holders, mine: string): Promise<void> {
  holders.remove(mine);
  if (holders.count() === 0) await cluster.stop();
}
