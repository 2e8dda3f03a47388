import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, chmodSync, mkdirSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';

/**
 * Who runs PostgreSQL. `null`: the present user; otherwise root hands over to this user and group.
 */
export type OsAccount = { uid: number; gid: number } | null;

const nobodyId = 65534; // the id of the user "nobody" in the kernel

/**
 * Chooses who runs PostgreSQL, which refuses root. Data that exists keeps its owner, and new data
 * gets the owner of the directory around it, so that this owner and root can take turns.
 */
export function chooseAccount(dataDir: string, clusterDir: string | null): OsAccount {
  if (process.getuid?.() !== 0) return null;
  const data = clusterDir === null ? null : ownerAccount(clusterDir);
  if (data !== null) return data;
  const owner = ownerAccount(dataDir);
  // initdb wants a user with a name; the owner of a mounted directory often has none inside a
  // container.
  return owner !== null && findPasswdEntry((user) => user.uid === owner.uid) !== undefined
    ? owner
    : nobodyAccount();
}

/**
 * Whether the account may pass through the directory, or run the file, at `path`: asked of the
 * kernel.
 */
export function canAccess(account: OsAccount, path: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' });
  return test.status === 0;
}

function ownerAccount(dir: string): OsAccount {
  const found = statSync(dir, { throwIfNoEntry: false });
  return found === undefined || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

function nobodyAccount(): { uid: number; gid: number } {
  // macOS writes -2 for nobody
  const user = findPasswdEntry(({ name, uid, gid }) => name === 'nobody' && uid > 0 && gid > 0);
  return user === undefined ? { uid: nobodyId, gid: nobodyId } : { uid: user.uid, gid: user.gid };
}

interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
}

function findPasswdEntry(matches: (passwdEntry: PasswdEntry) => boolean): PasswdEntry | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .find(matches);
}

/**
 * A directory of root's that the account can reach, for what may not stay below a closed one such
 * as /root.
 * Errors: {@link EmbeddedPostgresError} where there is none.
 */
export function findSharedDirectory(account: OsAccount): string {
  const candidates = ['/var/lib/twofold', join(tmpdir(), 'twofold')];
  const found = candidates.find((dir) => isOwnDirectory(dir) && canAccess(account, dir));
  if (found !== undefined) return found;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL runs as an unprivileged user, who cannot enter the data directory or ` +
      `any of ${candidates.join(', ')}. Set DATA_DIR to a directory that all users can enter, such as ` +
      `/srv/twofold, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/**
 * In a directory that everybody may write to, another user can be first: only one of our own will
 * do.
 */
function isOwnDirectory(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true });
    const found = statSync(dir);
    if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) return false;
    chmodSync(dir, 0o755);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/**
 * Gives what root has just made to the owner of the directory around it, so that a single command
 * run as root does not lock the owner out. Any other user: nothing happens.
 */
export function preserveOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}
