import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { OsAccount } from './os-account.js';
import { errorCode, EmbeddedPostgresError } from './embedded-postgres-error.js';

/**
 * Runs one of PostgreSQL's programs as the account, away from the terminal, so that Ctrl-C does not reach it.
 * Answers its exit code and everything it said.
 * Errors: {@link EmbeddedPostgresError} when it cannot be run at all.
 */
export function runProgram(
  file: string,
  args: string[],
  account: OsAccount,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // PG* variables of the caller would change what the programs do.
    const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(file, args, { ...account, env, cwd: '/', detached: true, stdio });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) => reject(spawnError(file, error)));
    child.once('close', (code) => resolve({ code, output }));
  });
}

function spawnError(file: string, cause: Error): EmbeddedPostgresError {
  const reason =
    errorCode(cause) === 'EPERM'
      ? 'root cannot switch to another user here. Run as a normal user'
      : 'this system does not run it (musl libc, as in Alpine, or files kept from execution). Use a glibc system';
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL's ${basename(file)} does not start: ${reason}, or set DATABASE_URL to a ` +
      `PostgreSQL of your own.`,
    { cause },
  );
}
