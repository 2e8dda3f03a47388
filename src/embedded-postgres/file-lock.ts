import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';
import { preserveOwner } from './os-account.js';
import { isAlive, ProcessIdentity, currentProcess } from './process-identity.js';

const freeMarker = 'free';

/**
 * Runs `work` while no other process (or call) does so for the same `dir`. A holder that was killed
 * loses the lock. Errors: {@link EmbeddedPostgresError} when `dir` belongs to another user.
 *
 * Each taking of the lock is a numbered file that is created exclusively; the highest number holds,
 * until it says "free" or its process is gone. A stale lock is thus followed, never deleted by a
 * rival, which is where lock files usually let two in.
 */
export async function withFileLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  ensurePrivateDirectory(dir);
  let generation = tryAcquire(dir);
  while (generation === null) {
    await pause(30);
    generation = tryAcquire(dir);
  }
  try {
    return await work();
  } finally {
    release(dir, generation);
  }
}

function ensurePrivateDirectory(dir: string): void {
  try {
    // open as the umask allows: PostgreSQL's user may have to pass
    mkdirSync(dirname(dir), { recursive: true });
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    preserveOwner(dir);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `${dir} cannot be written. Run as the user who created it, or change DATA_DIR.`,
      { cause: error },
    );
  }
}

function tryAcquire(dir: string): number | null {
  const latest = latestGeneration(dir);
  if (latest > 0 && isHeld(dir, latest)) return null;
  const generation = latest + 1;
  const draft = writeTempFile(dir, JSON.stringify(currentProcess()));
  try {
    linkSync(draft, lockFile(dir, generation));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return null;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  // A process that read the directory long ago may take a number that was tidied away: a higher one
  // exists then.
  if (latestGeneration(dir) > generation) {
    rmSync(lockFile(dir, generation), { force: true });
    return null;
  }
  for (const older of listGenerations(dir))
    if (older < generation) rmSync(lockFile(dir, older), { force: true });
  return generation;
}

function release(dir: string, generation: number): void {
  renameSync(writeTempFile(dir, freeMarker), lockFile(dir, generation));
}

function isHeld(dir: string, number: number): boolean {
  try {
    const text = readFileSync(lockFile(dir, number), 'utf8');
    return text !== freeMarker && isAlive(JSON.parse(text) as ProcessIdentity);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true; // overtaken meanwhile: check again
    if (error instanceof SyntaxError) return false; // cut off by a power failure
    throw error;
  }
}

/** A file that becomes visible whole, by link or rename. */
function writeTempFile(dir: string, text: string): string {
  const draft = join(dir, `draft-${randomUUID()}`);
  writeFileSync(draft, text, { mode: 0o600 });
  preserveOwner(draft);
  return draft;
}

function latestGeneration(dir: string): number {
  return Math.max(0, ...listGenerations(dir));
}

function listGenerations(dir: string): number[] {
  return readdirSync(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function lockFile(dir: string, number: number): string {
  return join(dir, String(number));
}
