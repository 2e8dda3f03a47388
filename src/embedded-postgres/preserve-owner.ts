import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives what root has just made to the owner of the directory around it, so that a single command run as
 * root does not lock the owner out. Any other user: nothing happens.
 */
export function preserveOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}
