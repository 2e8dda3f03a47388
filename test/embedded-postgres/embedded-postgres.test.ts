import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { chooseAccount } from '../../src/embedded-postgres/os-account.js';
import { findBinaryPackage, prepareBinaries } from '../../src/embedded-postgres/binaries.js';
import { EmbeddedPostgres, useEmbeddedPostgres } from '../../src/embedded-postgres/index.js';
import { runProgram } from '../../src/embedded-postgres/cluster.js';

const leaseHolderScript = join(import.meta.dirname, 'lease-holder.mjs');
const isRoot = process.getuid?.() === 0;

let dir: string;
let dataDir: string;
let acquired: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'twofold-embedded-'));
  chmodSync(dir, 0o755);
  dataDir = join(dir, 'data');
  acquired = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  // The last use sweeps away what killed children left, and so stops the server.
  if (existsSync(join(dataDir, 'embedded-postgres.holders'))) await acquire();
  for (const each of acquired) await each.release();
  if (existsSync(stateFile())) rmSync(dirname(clusterDir()), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

const stateFile = () => join(dataDir, 'embedded-postgres.json');
const state = () => JSON.parse(readFileSync(stateFile(), 'utf8')) as { clusterDir: string; port: number };
const clusterDir = () => state().clusterDir;
const postmasterPid = () => Number(readFileSync(join(clusterDir(), 'postmaster.pid'), 'utf8').split('\n')[0]);

async function acquire(): Promise<EmbeddedPostgres> {
  const server = await useEmbeddedPostgres({ dataDir, log: () => undefined });
  acquired.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that uses the same data directory. */
async function startLeaseHolder(): Promise<{ url: string; started: boolean; child: ChildProcess }> {
  const child = spawn(process.execPath, [leaseHolderScript, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { ...(JSON.parse(line) as { url: string; started: boolean }), child };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the embedded PostgreSQL', () => {
  it('the embedded PostgreSQL starts on a directory that does not exist yet, with durable settings and a database of our own', async () => {
    const server = await acquire();
    expect(server.started).toBe(true);
    const sql = `SELECT current_database() AS name, current_setting('fsync') AS fsync, pg_encoding_to_char(encoding) AS encoding
      FROM pg_database WHERE datname = current_database()`;
    expect(await query(server.url, sql)).toEqual([{ name: 'twofold', fsync: 'on', encoding: 'UTF8' }]);
  });

  it('the embedded PostgreSQL keeps its password from others and lets no one in without it', async () => {
    const server = await acquire();
    expect(statSync(stateFile()).mode & 0o777).toBe(0o600);
    const guess = Object.assign(new URL(server.url), { password: 'wrong' }).href;
    await expect(query(guess, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('the embedded PostgreSQL is shared by a second use, and stops with the last one, however often each is released', async () => {
    const first = await acquire();
    const second = await acquire();
    expect(second).toMatchObject({ url: first.url, started: false });
    await first.release();
    await first.release();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.release();
    await expect(query(second.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('the embedded PostgreSQL has every committed row after a kill -9 of the postmaster', async () => {
    const before = await acquire();
    await query(before.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    process.kill(postmasterPid(), 'SIGKILL');
    const after = await acquire();
    expect(after.started).toBe(true);
    expect(await query(after.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  });

  it('the embedded PostgreSQL starts although the pid in a stale postmaster.pid belongs to a visitor by now', async () => {
    await (await acquire()).release();
    // Of the server's own user: PostgreSQL ignores the processes of others anyway.
    const stranger = spawn('sleep', ['60'], { ...chooseAccount(dataDir, clusterDir()) });
    children.push(stranger);
    writeFileSync(join(clusterDir(), 'postmaster.pid'), `${stranger.pid}\n${clusterDir()}\n1\n5432\n\n\n\n`);
    expect((await acquire()).started).toBe(true);
  });

  it('the embedded PostgreSQL is adopted from a holder that was killed, and then stopped by the one that is left', async () => {
    const killed = await startLeaseHolder();
    const pid = postmasterPid();
    await kill(killed.child);
    const heir = await acquire();
    expect(heir).toMatchObject({ url: killed.url, started: false });
    expect(postmasterPid()).toBe(pid);
    await heir.release();
    expect(existsSync(join(clusterDir(), 'postmaster.pid'))).toBe(false);
  });

  it('the embedded PostgreSQL is started once when two processes begin on an empty directory at once', async () => {
    const both = await Promise.all([startLeaseHolder(), startLeaseHolder()]);
    expect(new Set(both.map(({ url }) => url)).size).toBe(1);
    expect(both.filter(({ started }) => started)).toHaveLength(1);
    expect(readdirSync(join(dataDir, 'embedded-postgres.holders'))).toHaveLength(2);
  });

  it('the embedded PostgreSQL takes another port when a visitor has taken its own', async () => {
    await (await acquire()).release();
    const { port } = state();
    const stranger = createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const server = await acquire();
    stranger.close();
    expect(Number(new URL(server.url).port)).not.toBe(port);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('the embedded PostgreSQL works below a directory that only its owner may enter', async () => {
    chmodSync(dir, 0o700);
    const server = await acquire();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    // Root switches to a user without access; a normal user has it.
    expect(clusterDir().startsWith(dir)).toBe(!isRoot);
  });

  it('the embedded PostgreSQL leaves everything to the owner of the data directory, also after root has used it', async () => {
    mkdirSync(dataDir);
    const owner = isRoot ? 65534 : (process.getuid?.() ?? 0);
    chownSync(dataDir, owner, isRoot ? 65534 : (process.getgid?.() ?? 0));
    await (await acquire()).release();
    const entries = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
    expect(entries.filter((name) => statSync(join(dataDir, name)).uid !== owner)).toEqual([]);
  });

  it('the embedded PostgreSQL starts in a directory whose owner has no name on this machine', async () => {
    mkdirSync(dataDir);
    if (isRoot) chownSync(dataDir, 54_321, 54_321);
    expect((await acquire()).started).toBe(true);
  });

  it('the embedded PostgreSQL refuses the data of another major version and says what to do', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '14\n');
    await expect(acquire()).rejects.toThrow(/written by PostgreSQL 14.*move .* away/);
  });

  it('the embedded PostgreSQL refuses data whose password is gone and says what to do', async () => {
    await (await acquire()).release();
    rmSync(stateFile());
    await expect(acquire()).rejects.toThrow(/Put that file back/);
    rmSync(dataDir, { recursive: true });
  });
});

describe('the binaries', () => {
  it('the binaries are missing for an unknown platform, and the message names DATABASE_URL', () => {
    expect(() => findBinaryPackage('plan9-mips')).toThrow(/DATABASE_URL/);
  });

  it('the binaries run though the package came without its links and lies where only its owner may enter', async () => {
    const source = findBinaryPackage();
    const closed = join(dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const lying = join(closed, 'binaries');
    cpSync(source.dir, lying, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(lying, 'native', 'pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    for (const { target } of links) rmSync(join(lying, target), { force: true });
    const account = chooseAccount(dir, null);
    const binDir = await prepareBinaries({ ...source, dir: lying }, account, () => dir);
    expect(binDir.startsWith(closed)).toBe(!isRoot);
    const { code, output } = await runProgram(join(binDir, 'postgres'), ['-V'], account);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining(`PostgreSQL) ${source.major}`),
    });
  });
});
