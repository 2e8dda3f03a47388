import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OsAccount, canAccess, findSharedDirectory, preserveOwner } from './os-account.js';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';

/** What a data directory remembers of its server. */
export interface ClusterState {
  /** Where the data is: absolute, below the data directory or in a shared directory. */
  clusterDir: string;
  password: string;
  port: number | null;
}

/**
 * What `dataDir` remembers, or null when it never had a server.
 * Errors: {@link EmbeddedPostgresError} when the file may not be read.
 */
export function readState(dataDir: string): ClusterState | null {
  try {
    const state = JSON.parse(readFileSync(stateFile(dataDir), 'utf8')) as ClusterState & { inside: boolean };
    // Data below the data directory moves with it.
    return { ...state, clusterDir: state.inside ? defaultClusterDir(dataDir) : state.clusterDir };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new EmbeddedPostgresError(
      `${stateFile(dataDir)} cannot be read. Run as the user who created it, or change DATA_DIR.`,
      { cause: error },
    );
  }
}

/** Writes down what to remember, whole or not at all, readable by its owner alone. */
export function writeState(dataDir: string, state: ClusterState): void {
  const inside = state.clusterDir === defaultClusterDir(dataDir);
  const draft = `${stateFile(dataDir)}.draft`;
  writeFileSync(draft, `${JSON.stringify({ ...state, inside })}\n`, { mode: 0o600 });
  preserveOwner(draft);
  renameSync(draft, stateFile(dataDir));
}

/**
 * The state of a server that does not exist yet: a place its account can reach, and a fresh
 * password.
 */
export function createState(dataDir: string, account: OsAccount): ClusterState {
  const password = randomBytes(24).toString('base64url');
  if (canAccess(account, dataDir)) return { clusterDir: defaultClusterDir(dataDir), password, port: null };
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const parentDir = join(findSharedDirectory(account), 'data', name);
  mkdirSync(parentDir, { recursive: true });
  return { clusterDir: join(parentDir, 'postgres'), password, port: null };
}

function defaultClusterDir(dataDir: string): string {
  return join(dataDir, 'postgres');
}

function stateFile(dataDir: string): string {
  return join(dataDir, 'embedded-postgres.json');
}
