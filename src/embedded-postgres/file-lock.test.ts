import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.js';
import { currentProcess } from './process-identity.js';

/** Lock files as dead, living and newer owners leave them. */
let dir: string;
const asked: Promise<void>[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'twofold-lock-'));
});
afterEach(async () => {
  for (const name of readdirSync(dir)) if (/^\d+$/.test(name)) writeFileSync(join(dir, name), 'free');
  await Promise.all(asked.splice(0));
  rmSync(dir, { recursive: true, force: true });
});

const write = (generation: number, text: string) => writeFileSync(join(dir, String(generation)), text);
const me = () => JSON.stringify(currentProcess());

/**
 * Asks for the lock. Whether it was there at once is known when this returns: nothing is waited for
 * before that.
 */
function ask(): { entered: () => boolean; done: Promise<void> } {
  let isIn = false;
  const done = withFileLock(dir, () => {
    isIn = true;
    return Promise.resolve();
  });
  asked.push(done);
  return { entered: () => isIn, done };
}

describe('a lock file', () => {
  it.each<[owner: string, text: () => string]>([
    ['that was given back', () => 'free'],
    [
      'of a process that is gone',
      () => JSON.stringify({ pid: spawnSync('true').pid, startedAt: 'long ago' }),
    ],
    [
      'whose pid was given to another process',
      () => JSON.stringify({ ...currentProcess(), startedAt: 'before' }),
    ],
    ['that a power failure cut off', () => '{"pid":'],
    ['that is empty', () => ''],
  ])('%s holds nothing', async (_, text) => {
    write(7, text());
    const { entered, done } = ask();
    expect(entered()).toBe(true);
    await done;
    expect(readdirSync(dir)).toEqual(['8']); // followed by a newer one, and tidied away
  });

  it('a lock file of a process that lives holds, until it is given back', async () => {
    write(7, me());
    const { entered, done } = ask();
    expect(entered()).toBe(false);
    write(7, 'free');
    await done;
    expect(entered()).toBe(true);
  });

  it('a lock file of an older generation holds nothing once there is a newer one, the person who it names', async () => {
    write(3, me());
    write(7, 'free');
    const { entered, done } = ask();
    expect(entered()).toBe(true);
    await done;
  });

  it('a lock file that was taken with a number from long ago is given up for the newer owner', async () => {
    // reading generation 1 waits at a pipe: meanwhile another process has taken and holds
    // generation 5
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, '1')]);
    const rival = spawn('sh', ['-c', 'exec 9>"$0/1"; printf %s "$1" > "$0/5"; printf free >&9', dir, me()]);
    const ended = new Promise((resolve) => rival.once('exit', resolve));
    const { entered, done } = ask();
    expect(entered()).toBe(false);
    expect(existsSync(join(dir, '2'))).toBe(false);
    await ended;
    write(5, 'free');
    await done;
    expect(entered()).toBe(true);
  });
});
