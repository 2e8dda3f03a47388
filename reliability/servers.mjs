import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseAccount, findSharedDirectory } from '../dist/embedded-postgres/os-account.js';
import { findBinaryPackage, prepareBinaries } from '../dist/embedded-postgres/binaries.js';
import { Cluster } from '../dist/embedded-postgres/cluster.js';
import { freePort } from '../dist/embedded-postgres/index.js';
import { webhookSecret } from '../bench/deliveries.mjs';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const password = 'reliability';

/** A directory that every account can pass through, gone when the command ends. */
export function workDirectory() {
  const dir = mkdtempSync(join(tmpdir(), 'twofold-reliability-'));
  chmodSync(dir, 0o755);
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A PostgreSQL that is started, killed and promoted by the command itself. */
export class Server {
  constructor(cluster, port, settings) {
    Object.assign(this, {
      cluster,
      port,
      settings,
      url: `postgres://twofold:${password}@127.0.0.1:${port}/postgres`,
    });
  }

  /** Makes a new one, running, with an empty database. */
  static async make(dir, name, settings = {}) {
    const account = chooseAccount(dir, null);
    const binDir = await prepareBinaries(findBinaryPackage(), account, () =>
      account === null ? dir : findSharedDirectory(account),
    );
    const cluster = new Cluster(join(dir, name), binDir, account);
    await cluster.create('twofold', password);
    const server = new Server(cluster, await freePort(), { max_connections: '100', ...settings });
    server.account = account;
    await server.start();
    return server;
  }

  async start(extra = {}) {
    // a postmaster that was killed can look alive for some seconds
    for (let tries = 0; ; tries++) {
      const problem = await this.cluster.start(this.port, { ...this.settings, ...extra });
      if (problem === null) return;
      if (tries === 20 || !problem.includes('postmaster.pid'))
        throw new Error(`PostgreSQL does not start: ${problem}`);
      await pause(500);
    }
  }

  /** A standby of this server, which is stopped while its data is copied. */
  async standby(dir, name) {
    await this.cluster.stop();
    const target = join(dir, name);
    cpSync(this.cluster.dir, target, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(target, 'standby.signal'), '');
    const conninfo = `host=127.0.0.1 port=${this.port} user=twofold password=${password} application_name=${name}`;
    appendFileSync(join(target, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
    if (this.account !== null) spawnSync('chown', ['-R', `${this.account.uid}:${this.account.gid}`, target]);
    chmodSync(target, 0o700);
    const { binDir } = this.cluster;
    const standby = new Server(new Cluster(target, binDir, this.account), await freePort(), this.settings);
    standby.account = this.account;
    return standby;
  }

  /** kill -9 of the postmaster and everything that it started. */
  kill() {
    const pid = Number(readFileSync(join(this.cluster.dir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    for (const child of childrenOf(pid)) tryKill(child);
    tryKill(pid);
  }

  /** Makes a standby the primary. */
  promote() {
    return new Promise((resolve, reject) => {
      const child = spawn(
        join(this.cluster.binDir, 'pg_ctl'),
        ['promote', '-D', this.cluster.dir, '-w', '-s'],
        {
          ...(this.account ?? {}),
          cwd: '/',
          stdio: 'ignore',
        },
      );
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`pg_ctl promote exited with ${code}`)),
      );
    });
  }

  stop() {
    return this.cluster.stop();
  }
}

/** A process of the application, as it is run in production but for the sandbox keys. */
export class App {
  constructor(dir, name, env) {
    Object.assign(this, { log: join(dir, `${name}.log`), name, env });
  }

  /** Starts it on its port (a free one the first time) and waits until it is ready. */
  async start(env = {}) {
    this.port ??= await freePort();
    const out = openSync(this.log, 'a');
    this.process = spawn(process.execPath, ['--max-semi-space-size=8', main], {
      stdio: ['ignore', out, out],
      env: {
        ...{
          PATH: process.env.PATH,
          PORT: String(this.port),
          DATABASE_POOL_MAX: '20',
          SIGN_IN_LIMIT_FACTOR: '1000000',
        },
        ...{
          SECRET_KEY: secretKey,
          STRIPE_SECRET_KEY: 'sk_test_reliability',
          STRIPE_API_BASE: 'http://127.0.0.1:9',
          STRIPE_WEBHOOK_SECRET: webhookSecret,
        },
        ...this.env,
        ...env,
      },
    });
    const ended = new Promise((resolve) => this.process.on('exit', resolve));
    this.ended = ended;
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      if ((await this.ready()) === 200) return;
      if (this.process.exitCode !== null)
        throw new Error(
          `${this.name} ended at its start, see ${readFileSync(this.log, 'utf8').slice(-2000)}`,
        );
      await pause(50);
    }
    throw new Error(`${this.name} was not ready within a minute`);
  }

  async ready() {
    const answer = await fetch(`http://127.0.0.1:${this.port}/health/ready`, {
      signal: AbortSignal.timeout(2_000),
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => undefined);
    return answer?.status ?? 0;
  }

  async stop(signal = 'SIGTERM') {
    this.process?.kill(signal);
    await this.ended;
  }

  memoryMb() {
    try {
      return (
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'))?.[1] ?? 0) /
        1024
      );
    } catch {
      return 0;
    }
  }
}

/** The key of every process here. */
export const secretKey = 'reliability-reliability-reliability-reliability';

export const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));

function childrenOf(pid) {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')[1]) === pid;
    } catch {
      return false; // it ended meanwhile
    }
  });
}

function tryKill(pid) {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // it is gone already
  }
}
