import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** Who runs PostgreSQL. `null`: the present user; otherwise root hands over to this user and group. */
export type Account = { uid: number; gid: number } | null;

const overflowId = 65534; // "nobody" wherever the kernel needs a number for it

/**
 * Chooses who runs PostgreSQL, which refuses root. Data that exists already keeps its owner, so root and
 * the owner can take turns on it.
 */
export function chooseAccount(clusterDir: string | null): Account {
  if (process.getuid?.() !== 0) return null;
  const owner = clusterDir === null ? undefined : statSync(clusterDir, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return nobody();
}

/** Whether the account may pass through the directory, or run the file, at `path`: asked of the kernel. */
export function canReach(account: Account, path: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' });
  return test.status === 0;
}

function nobody(): { uid: number; gid: number } {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('nobody:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    // macOS writes -2 for nobody
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  } catch {
    // No user list, as in the barest containers: the number serves without a name.
  }
  return { uid: overflowId, gid: overflowId };
}
