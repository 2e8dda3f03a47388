// Load for a long time while processes and the database are killed, the network stands still or
// breaks, and clocks are wrong; at the end every acknowledged event is looked for and the ledger is
// verified.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { laneNames } from '../dist/platform/jobs/lanes.js';
import { prepareDatabase } from '../dist/prepare-database.js';
import { checkAcknowledged } from './check-acknowledged.mjs';
import { Network } from './faulty-network.mjs';
import { report } from './report.mjs';
import { App, Server, pause, workDirectory } from './servers.mjs';
import { Traffic } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '30m' },
    rate: { type: 'string' },
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '25' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run soak -- [--for 30m] [--rate N] [--seed 1] [--every 25]
  --for 30m    how long (90s, 30m, 2h)
  --rate N     requests a second; without it 60 % of what ten seconds of full load reach
  --seed 1     of the chance that chooses what happens
  --every 25   seconds between faults, on average
  Exits with 1 when anything acknowledged is lost, happened twice, or the ledger is wrong.`);
  process.exit(0);
}

const random = seeded(Number(values.seed));
const dir = workDirectory();
const database = await Server.make(dir, 'database', { shared_buffers: '512MB', max_wal_size: '2GB' });
await prepareDatabase(database.url);
const network = new Network(database.port);
await network.listen();
const url = database.url.replace(`:${database.port}/`, `:${network.port}/`);
const apps = ['app-1', 'app-2'].map((name) => new App(dir, name, { DATABASE_URL: url, LOG_LEVEL: 'warn' }));
const faults = {};
const memory = { most: 0, last: 0 };
let over = false;

/** What may go wrong. Each puts right what it did before it ends. */
const chaos = {
  async killApp() {
    const app = any(apps);
    await app.stop('SIGKILL');
    await app.start();
  },
  async killDatabase() {
    database.kill();
    await pause(500 + random() * 1_500);
    await database.start();
  },
  async pauseNetwork() {
    network.pause();
    await pause(500 + random() * 4_500);
    network.resume();
  },
  async cutNetwork() {
    network.cut();
  },
  async clockJump() {
    const app = any(apps);
    await app.stop();
    await app.start({ CLOCK_OFFSET_SECONDS: String(Math.round((random() - 0.5) * 180)) });
  },
};

try {
  await Promise.all(apps.map((app) => app.start()));
  let turn = 0;
  const traffic = new Traffic({
    url: database.url,
    portOf: () => apps[turn++ % 2].port,
    random,
    pairs: 60_000,
  });
  await traffic.setUp();
  const rate = Number(values.rate ?? Math.round(0.6 * (await fullRate(traffic))));
  const until = Date.now() + millisecondsOf(values.for);
  console.error(`${rate} requests a second for ${values.for}, seed ${values.seed}`);
  const load = traffic.run(rate, () => Date.now() > until);
  const [disorder, watching] = [disturb(until), watch(traffic)];
  await Promise.all([load, disorder]);
  for (const app of apps) {
    await app.stop();
    await app.start();
  }
  await traffic.redeliver();
  await drained();
  over = true;
  await watching;
  const sorted = traffic.latencies.sort((a, b) => a - b);
  const found = await checkAcknowledged(database.url, traffic);
  report('soak', {
    ...{ duration: values.for, requestsPerSecond: rate, seed: Number(values.seed), faults },
    ...traffic.counts,
    acknowledgedP50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    acknowledgedP99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    memoryMostMb: Math.round(memory.most),
    memoryLastMb: Math.round(memory.last),
    ...found,
  });
} finally {
  over = true;
  await Promise.all(apps.map((app) => app.stop()));
  await network.close();
  await database.stop();
}

/** Requests a second that sixteen at a time reach. */
async function fullRate(traffic) {
  const until = Date.now() + 10_000;
  let count = 0;
  traffic.startedAt = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (; Date.now() < until; count++) await traffic.one();
    }),
  );
  return count / 10;
}

async function disturb(until) {
  while (Date.now() < until) {
    await pause(1000 * Number(values.every) * (0.5 + random()));
    if (Date.now() >= until) return;
    const name = any(Object.keys(chaos));
    faults[name] = (faults[name] ?? 0) + 1;
    console.error(`${new Date().toISOString().slice(11, 19)} ${name}`);
    await chaos[name]();
  }
}

/** Prints the progress once a minute. */
async function watch(traffic) {
  for (let second = 1; !over; second++) {
    await pause(1_000);
    memory.last = Math.max(...apps.map((app) => app.memoryMb()));
    memory.most = Math.max(memory.most, memory.last);
    if (second % 60 === 0)
      console.error(
        `  ${second / 60} min: ${traffic.counts.acknowledged} acknowledged, ${traffic.open.size} open, ${Math.round(memory.last)} MB`,
      );
  }
}

/** Waits until no reaction is left to do, at most five minutes. */
async function drained() {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  for (let second = 0; second < 300; second++) {
    const { rows } = await sql.query(
      `SELECT (SELECT count(*)::int FROM platform.outbox)
         + (SELECT count(*)::int FROM pgboss.job WHERE name = ANY ($1) AND state IN ('created', 'active') AND start_after <= now()) AS waiting`,
      [laneNames],
    );
    if (rows[0].waiting === 0) break;
    if (second % 30 === 0) console.error(`${rows[0].waiting} reactions are left to do`);
    await pause(1_000);
  }
  await sql.end();
}

function any(list) {
  return list[Math.floor(random() * list.length)];
}

function millisecondsOf(text) {
  const [, count, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--for ${text}: write 90s, 30m or 2h`);
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit];
}

/** A small generator (mulberry32), so that a run can be had again. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
