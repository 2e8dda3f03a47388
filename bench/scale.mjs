// The same loads with ten thousand, a million and ten million users in the database, and the plans
// of what they ask.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Secrets } from '../dist/platform/security/secrets.js';
import { message } from './http-load.mjs';
import { measureApp } from './measure.mjs';
import { plansThatRead } from './plans.mjs';
import { median } from './report.mjs';
import { payments } from './scenarios/payments.mjs';
import { userPages } from './scenarios/users.mjs';
import { Stage, secretKey } from './stage.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10000,1000000,10000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    'events-per-user': { type: 'string', default: '1' },
    json: { type: 'string', default: 'bench/results/scale.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:scale -- [--users 10000,1000000,10000000] [--events-per-user 1] [--rounds 5] [--seconds 3] [--json FILE]
  First payments, GET /api/v1/me, the settings page, the search for users, the review queue, the list of parked events and the
  statistics of a month at each size, as ratios to the first. Ten million users take about 20 GB of disk, a hundred million events
  35 GB more. Exits with 1 when a statement of these loads reads a whole table.`);
  process.exit(0);
}

const loads = {
  a: payments.a.app,
  e: userPages.e.app,
  f: userPages.f.app,
  search: (stage, seconds) => measureApp(stage, { connections: 4, requests: searches(), seconds }),
  'review queue': measureConsole('referrals?review=waiting'),
  'parked events': measureConsole('stripe/events?status=parked'),
  statistics: measureConsole('stats'),
};
const sizes = values.users.split(',').map(Number);
const eventsPerUser = Number(values['events-per-user']);
const stage = await Stage.open((line) => console.error(line));
const results = {};
try {
  await stage.startApp();
  await stage.query(readFileSync(new URL('seed.sql', import.meta.url), 'utf8'));
  await stage.query(readFileSync(new URL('many-users.sql', import.meta.url), 'utf8'));
  await userPages.e.setUp(stage);
  await makeStaff();
  let made = 0;
  for (const size of sizes) {
    await makeEvents(made * eventsPerUser + 1, size * eventsPerUser);
    await makeUsers(made + 1, (made = size));
    results[size] = await measure();
    console.log(`${size.toLocaleString('en')} users: ${line(results[size], results[sizes[0]])}`);
  }
  const read = await plansThatRead(stage);
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(
    values.json,
    `${JSON.stringify({ at: new Date().toISOString(), results, wholeTables: read }, null, 2)}\n`,
  );
  console.log(
    read.length === 0 ? 'Every statement uses an index.' : `These read whole tables:\n${read.join('\n')}`,
  );
  process.exitCode = read.length === 0 ? 0 : 1;
} finally {
  await stage.close();
}

/**
 * Adds users by the hundred thousand; the index that the search reads is faster to make than to add
 * to.
 */
async function makeUsers(from, to) {
  const [index] = await stage.query(
    `SELECT indexdef FROM pg_indexes WHERE indexname = 'user_by_email_and_name'`,
  );
  await stage.query(`SET maintenance_work_mem = '1GB'`);
  await stage.query(`DROP INDEX auth.user_by_email_and_name`);
  for (let first = from; first <= to; first += 100_000) {
    await stage.query('SELECT bench.make_many_users($1, $2)', [first, Math.min(to, first + 99_999)]);
    process.stderr.write(`\r${Math.min(to, first + 99_999).toLocaleString('en')} users`);
  }
  process.stderr.write(', index\n');
  await stage.query(index.indexdef);
  await stage.settle();
}

/** Events, of which a hundred are parked at any size. */
async function makeEvents(from, to) {
  for (let first = from; first <= to; first += 1_000_000) {
    await stage.query('SELECT bench.make_many_events($1, $2)', [first, Math.min(to, first + 999_999)]);
    process.stderr.write(`\r${Math.min(to, first + 999_999).toLocaleString('en')} events`);
  }
  process.stderr.write('\n');
}

async function measure() {
  const seconds = Number(values.seconds);
  const rounds = Object.fromEntries(Object.keys(loads).map((name) => [name, []]));
  for (const [name, load] of Object.entries(loads)) await load(stage, seconds, name);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, load] of Object.entries(loads)) rounds[name].push(await load(stage, seconds));
  return Object.fromEntries(
    Object.entries(rounds).map(([name, all]) => [
      name,
      {
        perSecond: median(all.map(({ perSecond }) => perSecond)),
        p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
        cpuMicroseconds: {
          app: median(all.map(({ cpuMicroseconds }) => cpuMicroseconds.app)),
          database: median(all.map(({ cpuMicroseconds }) => cpuMicroseconds.database)),
        },
      },
    ]),
  );
}

function line(result, base) {
  return Object.entries(result)
    .map(
      ([
        name,
        {
          perSecond,
          p99Ms,
          cpuMicroseconds: { app, database },
        },
      ]) =>
        `${name} ${Math.round(perSecond)}/s (${(perSecond / base[name].perSecond).toFixed(2)}), p99 ${p99Ms.toFixed(1)} ms, CPU ${app} + ${database} µs`,
    )
    .join('; ');
}

async function makeStaff() {
  await stage.query(`SELECT bench.make_users('8009', 1, 1)`);
  await stage.query(`UPDATE auth."user" SET role = 'admin' WHERE id = bench.id_of('8009', 1)`);
  await stage.query(
    `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
     VALUES (gen_random_uuid(), bench.id_of('8009', 1), $1, now(), now(), now() + interval '30 days')`,
    [new Secrets([secretKey]).hash('session', 'bench-staff')],
  );
}

function measureConsole(path) {
  const request = message('GET', `/api/v1/admin/${path}`, { authorization: 'Bearer bench-staff' });
  return (stage, seconds) => measureApp(stage, { connections: 4, requests: repeat(request), seconds });
}

function* repeat(request) {
  for (;;) yield request;
}

/** Parts of addresses that few have. */
function* searches() {
  for (let n = 1; ; n++)
    yield message('GET', `/api/v1/admin/users?query=person${(n * 7919) % sizes[0]}.&limit=25`, {
      authorization: 'Bearer bench-staff',
    });
}
