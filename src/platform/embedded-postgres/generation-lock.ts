import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from './embedded-postgres-error.js';
import { isAlive, ProcessIdentity, thisProcess } from './process-identity.js';

const free = 'free';

/**
 * Runs `work` while no other process (or call) does so for the same `dir`. A holder that was killed
 * loses the lock.
 *
 * Each taking of the lock is a numbered file that is created exclusively; the highest number holds, until
 * it says "free" or its process is gone. A stale lock is thus followed, never deleted by a rival, which is
 * where lock files usually let two in.
 */
export async function withLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
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
