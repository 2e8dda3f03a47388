// The application behind PgBouncer in transaction mode, under load, with its ledger verified at the
// end.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkAcknowledged } from './check-acknowledged.mjs';
import { report } from './report.mjs';
import { freePort } from '../dist/embedded-postgres/index.js';
import { App, Server, pause, workDirectory } from './servers.mjs';
import { Traffic } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '60' },
    for: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run pgbouncer -- [--rate 60] [--for 20]
  Starts a pgbouncer (which must be installed) in transaction mode with ten server connections, migrates and serves through it,
  and sends --rate requests a second for --for seconds. Exits with 1 when a request fails or the ledger is wrong.`);
  process.exit(0);
}
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);
if (program === undefined) {
  console.error('pgbouncer is missing (Debian: apt-get install pgbouncer).');
  process.exit(2);
}

const dir = workDirectory();
const database = await Server.make(dir, 'database', { password_encryption: 'scram-sha-256' });
const port = await freePort();
const bouncer = startBouncer();
const url = database.url.replace(`:${database.port}/`, `:${port}/`);
const app = new App(dir, 'app', { DATABASE_URL: url });
try {
  await pause(500);
  await app.start();
  const traffic = new Traffic({ url: database.url, portOf: () => app.port, pairs: 10_000 });
  await traffic.setUp();
  const until = Date.now() + 1000 * Number(values.for);
  await traffic.run(Number(values.rate), () => Date.now() > until);
  const failed = { ...traffic.counts.refusals, ...traffic.counts.pageFailures };
  await traffic.redeliver(5);
  const found = await checkAcknowledged(database.url, traffic);
  if (Object.keys(failed).length > 0) found.problems.push(`requests failed: ${JSON.stringify(failed)}`);
  const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
  report('pgbouncer', { version, requestsPerSecond: Number(values.rate), ...traffic.counts, ...found });
} finally {
  await app.stop();
  bouncer.kill('SIGTERM');
  await database.stop();
}

function startBouncer() {
  const users = join(dir, 'users.txt');
  const settings = join(dir, 'pgbouncer.ini');
  writeFileSync(users, `"twofold" "reliability"\n`);
  writeFileSync(
    settings,
    `[databases]\npostgres = host=127.0.0.1 port=${database.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = transaction\ndefault_pool_size = 10\nmax_client_conn = 200\nunix_socket_dir =\n`,
  );
  const { account: owner } = database;
  if (owner !== null) for (const file of [users, settings]) chownSync(file, owner.uid, owner.gid);
  return spawn(program, [settings], { ...(owner ?? {}), stdio: 'inherit' });
}
