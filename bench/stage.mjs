import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort, useEmbeddedPostgres } from '../dist/embedded-postgres/index.js';
import { readState } from '../dist/embedded-postgres/cluster-state.js';
import { prepareDatabase } from '../dist/prepare-database.js';
import { webhookSecret } from './deliveries.mjs';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/**
 * The key that the app under load has, so that sessions and codes can be made and read from
 * outside.
 */
export const secretKey = 'bench-bench-bench-bench-bench-bench-bench';

/**
 * What a server of this size would be given; durability as it comes: fsync and synchronous_commit
 * are on.
 */
const settings = {
  shared_buffers: '2GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  autovacuum: 'off', // done explicitly before every round, not in the middle of one
  max_connections: '200',
};

/** A PostgreSQL of its own with people in it, and the app as its own process, both measured. */
export class Stage {
  /** How many pairs were made so far: each load takes new ones. */
  pairs = 0;

  static async open(log) {
    const dataDir = mkdtempSync(join(tmpdir(), 'twofold-bench-'));
    // else PostgreSQL, which root runs as another user, would be sheltered elsewhere
    chmodSync(dataDir, 0o755);
    const postgres = await useEmbeddedPostgres({ dataDir, settings, log });
    await prepareDatabase(postgres.url);
    const stage = new Stage();
    Object.assign(stage, {
      dataDir,
      postgres,
      url: postgres.url,
      sql: new pg.Client({ connectionString: postgres.url }),
    });
    await stage.sql.connect();
    return stage;
  }

  /**
   * Starts the app (web only: what follows a commit is another process's work) and waits until it
   * is ready.
   */
  async startApp(env = {}) {
    this.port = await freePort();
    this.log = join(this.dataDir, `app-${this.port}.log`);
    const out = openSync(this.log, 'w');
    const startedAt = performance.now();
    this.app = spawn(process.execPath, ['--max-semi-space-size=8', main], {
      stdio: ['ignore', out, out],
      env: {
        ...{
          PATH: process.env.PATH,
          PORT: String(this.port),
          ROLE: 'web',
          DATABASE_URL: this.url,
          DATABASE_POOL_MAX: '40',
        },
        ...{
          SECRET_KEY: secretKey,
          STRIPE_SECRET_KEY: 'sk_test_bench',
          STRIPE_API_BASE: 'http://127.0.0.1:9',
          STRIPE_WEBHOOK_SECRET: webhookSecret,
        },
        ...{ SIGN_IN_LIMIT_FACTOR: '1000000', ...env },
      },
    });
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => null);
      if (ready?.ok) return performance.now() - startedAt;
      if (this.app.exitCode !== null) throw new Error(`The app ended: ${readFileSync(this.log, 'utf8')}`);
      await new Promise((resume) => setTimeout(resume, 20));
    }
  }

  async stopApp() {
    if (this.app === undefined || this.app.exitCode !== null) return;
    const ended = new Promise((resolve) => this.app.on('exit', resolve));
    this.app.kill('SIGTERM');
    await ended;
    this.app = undefined;
  }

  async close() {
    await this.stopApp();
    await this.sql.end();
    await this.postgres.release();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async query(text, values) {
    return (await this.sql.query(text, values)).rows;
  }

  /** Makes `count` new pairs and answers the number of the first. */
  async makePairs(count, onlyReferrer = null) {
    const first = this.pairs + 1;
    this.pairs += count;
    await this.query('SELECT bench.make_pairs($1, $2, $3)', [first, this.pairs, onlyReferrer]);
    return first;
  }

  /** Makes `count` new people who have paid before, and answers the number of the first. */
  async makePayers(count) {
    const first = this.pairs + 1;
    this.pairs += count;
    await this.query('SELECT bench.make_payers($1, $2)', [first, this.pairs]);
    return first;
  }

  /**
   * Everybody's statistics are fresh and nothing waits to be written: no round pays for the one
   * before it.
   */
  async settle() {
    await this.query('VACUUM ANALYZE');
    await this.query('CHECKPOINT');
  }

  /** CPU seconds that the app and the database have used so far, and the app's memory in MB. */
  usage() {
    const appPid = this.app?.pid;
    const postmaster = Number(readFileSync(join(this.clusterDir(), 'postmaster.pid'), 'utf8').split('\n')[0]);
    return {
      app: appPid === undefined ? 0 : cpuOf(appPid).seconds,
      database: childrenOf(postmaster).reduce((sum, pid) => sum + cpuOf(pid).seconds, 0),
      load: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
      memoryMb: appPid === undefined ? 0 : memoryOf(appPid),
    };
  }

  clusterDir() {
    return readState(this.dataDir).clusterDir;
  }
}

function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  } catch {
    return { parent: 0, seconds: 0 }; // it ended meanwhile
  }
}

function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && cpuOf(name).parent === pid)
    .map(Number);
}

function memoryOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
