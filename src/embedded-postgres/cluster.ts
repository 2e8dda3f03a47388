import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { OsAccount } from './os-account.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { pidExists, readCommandLine } from './process-identity.js';

const maxLogBytes = 10_000_000;

/** One directory of PostgreSQL data, and the programs that make, start and stop it. */
export class Cluster {
  constructor(
    readonly dir: string,
    private readonly binDir: string,
    private readonly account: OsAccount,
  ) {}

  get exists(): boolean {
    return existsSync(join(this.dir, 'PG_VERSION'));
  }

  /** The server that runs on this data, or what a dead one left, or null. */
  postmaster(): Postmaster | null {
    return readPostmaster(this.dir);
  }

  /** Refuses data of another major version, which this PostgreSQL cannot read. */
  rejectOtherMajor(major: number): void {
    const found = readFileSync(join(this.dir, 'PG_VERSION'), 'utf8').trim();
    if (found === String(major)) return;
    throw new EmbeddedPostgresError(
      `The data in ${this.dir} was written by PostgreSQL ${found}; the embedded one is ${major}. Migrate ` +
        `the data with a PostgreSQL ${found} (pg_dump, or pg_upgrade) and set DATABASE_URL, install the former ` +
        `release of Twofold again, or move ${this.dir} away to start with an empty database.`,
    );
  }

  /** Refuses data whose password was not kept: the server could not be used. */
  rejectLostPassword(): void {
    throw new EmbeddedPostgresError(
      `There is data in ${this.dir}, but the embedded-postgres.json with its password is missing. Put that ` +
        `file back into the data directory, or move ${this.dir} away to start with an empty database.`,
    );
  }

  /**
   * Makes the data directory with the superuser `user`. Killed half-way, the next call begins
   * again.
   */
  async create(user: string, password: string): Promise<void> {
    const partial = `${this.dir}.partial`;
    const passwordFile = `${this.dir}.password`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (this.account !== null) {
      for (const path of [partial, passwordFile]) chownSync(path, this.account.uid, this.account.gid);
    }
    // The builtin locale sorts and folds the same on every system, with neither libc's nor ICU's
    // tables.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
    try {
      const args = ['-D', partial, ...locale, ...access, '--no-sync', '--no-instructions'];
      const { code, output } = await runProgram(join(this.binDir, 'initdb'), args, this.account);
      if (code !== 0) throw initdbError(this.dir, output);
      renameSync(partial, this.dir);
    } finally {
      rmSync(passwordFile, { force: true });
      rmSync(partial, { recursive: true, force: true });
    }
  }

  /** Starts the server on `port`. Answers null when it runs, otherwise what PostgreSQL said. */
  async start(port: number, settings: Record<string, string>): Promise<string | null> {
    const log = join(this.dir, 'server.log');
    const before = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    if (before > maxLogBytes) rmSync(log);
    const options = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      ...settings,
    };
    const optionFlags = Object.entries(options).map(
      ([name, value]) => `-c ${shellQuote(`${name}=${value}`)}`,
    );
    const args = ['start', '-D', this.dir, '-l', log, '-w', '-t', '120', '-s', '-o', optionFlags.join(' ')];
    const { code, output } = await runProgram(join(this.binDir, 'pg_ctl'), args, this.account);
    if (code === 0) return null;
    const newLogText = existsSync(log) ? readFileSync(log).subarray(before > maxLogBytes ? 0 : before) : '';
    return `${newLogText.toString()}${output}`.trim();
  }

  /** Stops the server: transactions under way are rolled back, what was committed is kept. */
  async stop(): Promise<void> {
    const args = ['stop', '-D', this.dir, '-m', 'fast', '-w', '-t', '60', '-s'];
    const { code, output } = await runProgram(join(this.binDir, 'pg_ctl'), args, this.account);
    if (code === 0 || this.postmaster()?.running !== true) return;
    throw new EmbeddedPostgresError(`The embedded PostgreSQL in ${this.dir} did not stop:\n${output.trim()}`);
  }
}

function initdbError(dir: string, output: string): EmbeddedPostgresError {
  const advice = output.includes('could not look up effective user')
    ? '\nPostgreSQL needs a named user: add one to /etc/passwd, run as another user, or set DATABASE_URL.'
    : '';
  return new EmbeddedPostgresError(`initdb could not create ${dir}:\n${output.trim()}${advice}`);
}

/** pg_ctl hands its options to a shell. */
function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Runs one of PostgreSQL's programs as the account, away from the terminal, so that Ctrl-C does not
 * reach it.
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
    // Only the words "postgres" and this directory distinguish our own from a process that got the
    // pid later.
    const running = command !== null && command.includes('postgres') && command.includes(dir);
    return { pid: Number(pid), port: Number(port) || null, running };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Clears the way for a new server where a dead one left `postmaster.pid`. Answers false while the
 * dead one is still on the system's list (a killed process stays until its parent takes notice, for
 * seconds at times): PostgreSQL would take it for alive.
 */
export function removeStalePid(dir: string, stale: Postmaster): boolean {
  // PostgreSQL sees that itself, and checks its shared memory
  if (!pidExists(stale.pid)) return true;
  if (readCommandLine(stale.pid) === null) return false;
  rmSync(join(dir, 'postmaster.pid'), { force: true }); // the pid belongs to another process by now
  return true;
}
