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
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.js';
import { keepOwner } from './keep-owner.js';
import { isAlive, ProcessIdentity, thisProcess } from './process-identity.js';

const free = 'free';

/**
 * Runs `work` while no other process (or call) does so for the same `dir`. A holder that was killed
 * loses the lock. Errors: {@link EmbeddedPostgresError} when `dir` belongs to somebody else.
 *
 * Each taking of the lock is a numbered file that is created exclusively; the highest number holds, until
 * it says "free" or its process is gone. A stale lock is thus followed, never deleted by a rival, which is
 * where lock files usually let two in.
 */
export async function withLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  makePrivateDirectory(dir);
  let mine = tryToTake(dir);
  while (mine === null) {
    await pause(30);
    mine = tryToTake(dir);
  }
  try {
    return await work();
  } finally {
    giveBack(dir, mine);
  }
}

function makePrivateDirectory(dir: string): void {
  try {
    mkdirSync(dirname(dir), { recursive: true }); // open as the umask allows: PostgreSQL's user may have to pass
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    keepOwner(dir);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `${dir} cannot be written. Run as the user who made it, or point DATA_DIR elsewhere.`,
      { cause: error },
    );
  }
}

function tryToTake(dir: string): number | null {
  const latest = highest(dir);
  if (latest > 0 && isHeld(dir, latest)) return null;
  const mine = latest + 1;
  const draft = writeDraft(dir, JSON.stringify(thisProcess()));
  try {
    linkSync(draft, fileOf(dir, mine));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  // Whoever read the directory long ago may take a number that was tidied away: a higher one exists then.
  if (highest(dir) > mine) {
    rmSync(fileOf(dir, mine), { force: true });
    return null;
  }
  for (const older of numbers(dir)) if (older < mine) rmSync(fileOf(dir, older), { force: true });
  return mine;
}

function giveBack(dir: string, mine: number): void {
  renameSync(writeDraft(dir, free), fileOf(dir, mine));
}

function isHeld(dir: string, number: number): boolean {
  try {
    const text = readFileSync(fileOf(dir, number), 'utf8');
    return text !== free && isAlive(JSON.parse(text) as ProcessIdentity);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true; // overtaken meanwhile: look again
    if (error instanceof SyntaxError) return false; // cut off by a power failure
    throw error;
  }
}

/** A file that becomes visible whole, by link or rename. */
function writeDraft(dir: string, text: string): string {
  const draft = join(dir, `draft-${randomUUID()}`);
  writeFileSync(draft, text, { mode: 0o600 });
  keepOwner(draft);
  return draft;
}

function highest(dir: string): number {
  return Math.max(0, ...numbers(dir));
}

function numbers(dir: string): number[] {
  return readdirSync(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function fileOf(dir: string, number: number): string {
  return join(dir, String(number));
}
