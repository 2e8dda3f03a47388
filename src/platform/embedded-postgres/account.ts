import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

/** Who runs PostgreSQL. `null`: the present user; otherwise root hands over to this user and group. */
export type Account = { uid: number; gid: number } | null;

const overflowId = 65534; // "nobody" wherever the kernel needs a number for it

/**
 * Chooses who runs PostgreSQL, which refuses root. Data that exists keeps its owner, and new data gets the
 * owner of the directory around it, so that this owner and root can take turns.
 */
export function chooseAccount(dataDir: string, clusterDir: string | null): Account {
  if (process.getuid?.() !== 0) return null;
  const data = clusterDir === null ? null : ownerOf(clusterDir);
  if (data !== null) return data;
  const around = ownerOf(dataDir);
  // initdb wants a user with a name; the owner of a mounted directory often has none inside a container.
  return around !== null && findUser((user) => user.uid === around.uid) !== undefined ? around : nobody();
}

/** Whether the account may pass through the directory, or run the file, at `path`: asked of the kernel. */
export function canReach(account: Account, path: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' });
  return test.status === 0;
}

function ownerOf(dir: string): Account {
  const found = statSync(dir, { throwIfNoEntry: false });
  return found === undefined || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

function nobody(): { uid: number; gid: number } {
  // macOS writes -2 for nobody
  const user = findUser(({ name, uid, gid }) => name === 'nobody' && uid > 0 && gid > 0);
  return user === undefined ? { uid: overflowId, gid: overflowId } : { uid: user.uid, gid: user.gid };
}

interface User {
  name: string;
  uid: number;
  gid: number;
}

function findUser(fits: (user: User) => boolean): User | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .find(fits);
}
