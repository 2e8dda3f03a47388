// Replaces each process in turn under load, twice over, behind a balancer that tries nothing twice:
// no request may fail.
import { parseArgs } from 'node:util';
import { prepareDatabase } from '../dist/prepare-database.js';
import { checkAcknowledged } from './check-acknowledged.mjs';
import { Balancer } from './balancer.mjs';
import { HaProxy } from './haproxy.mjs';
import { report } from './report.mjs';
import { App, Server, pause, workDirectory } from './servers.mjs';
import { Traffic } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '80' },
    rounds: { type: 'string', default: '2' },
    haproxy: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run rolling-restart -- [--rate 80] [--rounds 2] [--haproxy]
  Two web processes and a worker on one database, load at --rate requests a second; each process is stopped with SIGTERM and
  started again, one after the other, --rounds times. --haproxy puts an installed HAProxy with docker/haproxy.cfg before them
  instead of a balancer of our own. Exits with 1 when a request fails or the ledger is wrong.`);
  process.exit(0);
}

const dir = workDirectory();
const database = await Server.make(dir, 'database');
await prepareDatabase(database.url);
const common = { DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: '1000' };
const webs = ['web-1', 'web-2'].map((name) => new App(dir, name, { ...common, ROLE: 'web' }));
const worker = new App(dir, 'worker', { ...common, ROLE: 'worker' });
const balancer = values.haproxy ? new HaProxy(webs) : new Balancer(webs);
try {
  await Promise.all([...webs, worker].map((app) => app.start()));
  await balancer.listen();
  const traffic = new Traffic({ url: database.url, portOf: () => balancer.port, pairs: 20_000 });
  await traffic.setUp();
  let over = false;
  const load = traffic.run(Number(values.rate), () => over);
  const took = [];
  await pause(3_000);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const app of [...webs, worker]) {
      const startedAt = performance.now();
      await app.stop();
      await app.start();
      took.push(Math.round(performance.now() - startedAt));
      console.error(`${app.name} was replaced in ${took.at(-1)} ms`);
      await pause(1_500);
    }
  over = true;
  await load;
  const failed = { ...traffic.counts.refusals, ...traffic.counts.pageFailures };
  await traffic.redeliver();
  const found = await checkAcknowledged(database.url, traffic);
  if (Object.keys(failed).length > 0) found.problems.push(`requests failed: ${JSON.stringify(failed)}`);
  report(values.haproxy ? 'rolling-restart-haproxy' : 'rolling-restart', {
    requestsPerSecond: Number(values.rate),
    replaced: took.length,
    replacedInMs: took,
    ...traffic.counts,
    ...found,
  });
} finally {
  await balancer.close();
  await Promise.all([...webs, worker].map((app) => app.stop()));
  await database.stop();
}
