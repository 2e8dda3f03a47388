import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseAccount,
  type OsAccount,
  findSharedDirectory,
} from '../../src/embedded-postgres/os-account.js';
import { findBinaryPackage, prepareBinaries } from '../../src/embedded-postgres/binaries.js';
import { Cluster } from '../../src/embedded-postgres/cluster.js';
import { freePort } from '../../src/embedded-postgres/index.js';

/** Two servers: what is written to the first streams to the second. */
export interface PrimaryWithStandby {
  primary: string;
  standby: string;
  stopStandby(): Promise<void>;
  close(): Promise<void>;
}

/** Makes and starts both. About three seconds. */
export async function startPrimaryWithStandby(): Promise<PrimaryWithStandby> {
  const dir = mkdtempSync(join(tmpdir(), 'twofold-pair-'));
  chmodSync(dir, 0o755); // PostgreSQL may run as another user
  const account = chooseAccount(dir, null);
  const binDir = await prepareBinaries(findBinaryPackage(), account, () =>
    account === null ? dir : findSharedDirectory(account),
  );
  const [first, second] = ['primary', 'standby'].map((name) => new Cluster(join(dir, name), binDir, account));
  if (first === undefined || second === undefined) throw new Error('There are two');
  const ports = [await freePort(), await freePort()] as const;
  await first.create('twofold', 'test');
  cpSync(first.dir, second.dir, { recursive: true });
  writeFileSync(join(second.dir, 'standby.signal'), '');
  const conninfo = `host=127.0.0.1 port=${ports[0]} user=twofold password=test`;
  appendFileSync(join(second.dir, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  chownAll(second.dir, account);
  chmodSync(second.dir, 0o700);
  await startServer(first, ports[0]);
  await startServer(second, ports[1]);
  const urlOf = (port: number) => `postgres://twofold:test@127.0.0.1:${port}/postgres`;
  return {
    primary: urlOf(ports[0]),
    standby: urlOf(ports[1]),
    stopStandby: () => second.stop(),
    close: async () => {
      await second.stop();
      await first.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

async function startServer(cluster: Cluster, port: number): Promise<void> {
  const problem = await cluster.start(port, { fsync: 'off', shared_buffers: '32MB' });
  if (problem !== null) throw new Error(problem);
}

function chownAll(dir: string, account: OsAccount): void {
  if (account === null) return;
  for (const name of ['', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })])
    chownSync(join(dir, name), account.uid, account.gid);
}
