import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './embedded-postgres-error.js';
import { readCommandLine, pidExists } from './process-identity.js';

/** What `postmaster.pid` says, held against the processes there are. */
export interface Postmaster {
  pid: number;
  port: number | null;
  running: boolean;
}

/** Reads `postmaster.pid` of the data in `dir`; null when there is none. */
export function readPostmaster(dir: string): Postmaster | null {
  try {
    const [pid, , , port] = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n');
    const command = readCommandLine(Number(pid));
    // Only the words "postgres" and this directory distinguish our own from a process that got the pid later.
    const running = command !== null && command.includes('postgres') && command.includes(dir);
    return { pid: Number(pid), port: Number(port) || null, running };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Clears the way for a new server where a dead one left `postmaster.pid`. Answers false while the dead one is
 * still on the system's list (a killed process stays until its parent takes notice, for seconds at times):
 * PostgreSQL would take it for alive.
 */
export function removeStalePid(dir: string, stale: Postmaster): boolean {
  if (!pidExists(stale.pid)) return true; // PostgreSQL sees that itself, and checks its shared memory
  if (readCommandLine(stale.pid) === null) return false;
  rmSync(join(dir, 'postmaster.pid'), { force: true }); // the pid belongs to another process by now
  return true;
}
