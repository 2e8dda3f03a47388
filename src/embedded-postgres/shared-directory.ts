import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OsAccount, canAccess } from './os-account.js';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';

/**
 * A directory of root's that the account can reach, for what may not stay below a closed one such as /root.
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

/** In a directory that everybody may write to, another user can be first: only one of our own will do. */
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
