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
import { join } from 'node:path';
import { OsAccount } from './os-account.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { Postmaster, readPostmaster } from './postmaster.js';
import { runProgram } from './run-program.js';

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

  /** Makes the data directory with the superuser `user`. Killed half-way, the next call begins again. */
  async create(user: string, password: string): Promise<void> {
    const partial = `${this.dir}.partial`;
    const passwordFile = `${this.dir}.password`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (this.account !== null) {
      for (const path of [partial, passwordFile]) chownSync(path, this.account.uid, this.account.gid);
    }
    // The builtin locale sorts and folds the same on every system, with neither libc's nor ICU's tables.
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
