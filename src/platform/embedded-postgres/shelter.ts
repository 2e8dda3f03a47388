import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account, canReach } from './account.js';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.js';

/**
 * A directory of root's that the account can reach, for what may not stay below a closed one such as /root.
 * Errors: {@link EmbeddedPostgresError} where there is none.
 */
export function findShelter(account: Account): string {
  const candidates = ['/var/lib/twofold', join(tmpdir(), 'twofold')];
  const shelter = candidates.find((dir) => isOurs(dir) && canReach(account, dir));
  if (shelter !== undefined) return shelter;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL runs as an unprivileged user, who can enter neither the data directory nor ` +
      `any of ${candidates.join(', ')}. Point DATA_DIR to a directory that everybody may enter, such as ` +
      `/srv/twofold, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** In a directory that everybody may write to, a stranger can be first: only one of our own will do. */
function isOurs(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true });
    const found = statSync(dir);
    if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) return false;
    chmodSync(dir, 0o755);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
