import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from './embedded-postgres-error.js';

/** One run of one process: the pid, and when that pid began, since pids are handed out again. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** The process that asks. */
export function currentProcess(): ProcessIdentity {
  return { pid: process.pid, startedAt: readStartTime(process.pid) ?? 'unknown' };
}

/** Whether exactly this run of the process still lives. A zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return readStartTime(identity.pid) === identity.startedAt;
}

/** Whether the system still knows `pid` at all, zombies included: what PostgreSQL itself checks. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * The command line of a living process, its arguments parted by spaces; null for none and for a
 * zombie.
 */
export function readCommandLine(pid: number): string | null {
  if (process.platform !== 'linux') return readFromPs(pid, 'command=');
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return line === '' ? null : line;
  } catch {
    return null; // the process is gone
  }
}

function readStartTime(pid: number): string | null {
  if (process.platform !== 'linux') return readFromPs(pid, 'lstart=');
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the last bracket may hold anything; behind it come the state and, 20th, the
    // start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null; // the process is gone
  }
}

function readFromPs(pid: number, column: string): string | null {
  try {
    const answer = execFileSync('ps', ['-o', 'stat=', '-o', column, '-p', String(pid)], { encoding: 'utf8' });
    const [, state, rest] = /^\s*(\S+)\s+(.*)$/.exec(answer.trim()) ?? [];
    return state === undefined || state.startsWith('Z') ? null : (rest ?? null);
  } catch {
    return null; // ps ends with 1 when there is no such process
  }
}
