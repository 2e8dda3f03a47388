import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Account, canReach } from './account.js';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.js';
import { keepOwner } from './keep-owner.js';
import { findShelter } from './shelter.js';

/** What a data directory remembers of its server. */
export interface ClusterState {
  /** Where the data is: absolute, below the data directory or in a shelter. */
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
    const state = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as ClusterState & { inside: boolean };
    // Data below the data directory moves with it.
    return { ...state, clusterDir: state.inside ? insideOf(dataDir) : state.clusterDir };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new EmbeddedPostgresError(
      `${fileOf(dataDir)} cannot be read. Run as the user who made it, or point DATA_DIR elsewhere.`,
      { cause: error },
    );
  }
}

/** Writes down what to remember, whole or not at all, readable by its owner alone. */
export function writeState(dataDir: string, state: ClusterState): void {
  const inside = state.clusterDir === insideOf(dataDir);
  const draft = `${fileOf(dataDir)}.draft`;
  writeFileSync(draft, `${JSON.stringify({ ...state, inside })}\n`, { mode: 0o600 });
  keepOwner(draft);
  renameSync(draft, fileOf(dataDir));
}

/** The state of a server that does not exist yet: a place its account can reach, and a fresh password. */
export function newState(dataDir: string, account: Account): ClusterState {
  const password = randomBytes(24).toString('base64url');
  if (canReach(account, dataDir)) return { clusterDir: insideOf(dataDir), password, port: null };
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const home = join(findShelter(account), 'data', name);
  mkdirSync(home, { recursive: true });
  return { clusterDir: join(home, 'postgres'), password, port: null };
}

function insideOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'embedded-postgres.json');
}
