// The same loads with ten thousand, a million and ten million users in the database, and the plans
// of what they ask.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generate } from '../bin/generate/generate.mjs';
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
    only: { type: 'string' },
    json: { type: 'string', default: 'bench/results/scale.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:scale -- [--users 10000,1000000,10000000] [--events-per-user 1] [--rounds 5] [--seconds 3] [--only LOADS] [--json FILE]
  First payments (a), GET /api/v1/me (e), the settings page (f), the search for users, the review queue, the list of parked events and the
  statistics of a month at each size, as ratios to the first. Each size has its own database; all are filled first, then rounds
  alternate. Ten million users take about 20 GB of disk, a hundred million events 35 GB more.
  --only: loads by name, separated by commas. Exits with 1 when a statement of these loads reads a whole table.`);
  process.exit(0);
}

const allLoads = {
  a: payments.a.app,
  e: userPages.e.app,
  f: userPages.f.app,
  search: (stage, seconds) => measureApp(stage, { connections: 4, requests: searches(), seconds }),
  'review queue': measureConsole('referrals?review=waiting'),
  'parked events': measureConsole('stripe/events?status=parked'),
  statistics: measureConsole('stats'),
};
const chosen = values.only?.split(',') ?? Object.keys(allLoads);
const loads = Object.entries(allLoads).filter(([name]) => chosen.includes(name));
const sizes = values.users.split(',').map(Number);
const stages = [];
try {
  for (const size of sizes) stages.push(await openStage(size, size * Number(values['events-per-user'])));
  const results = await measure();
  for (const [index, size] of sizes.entries())
    console.log(`${size.toLocaleString('en')} users: ${line(results[index])}`);
  const read = await plansThatRead(stages.at(-1));
  mkdirSync('bench/results', { recursive: true });
  const bySize = Object.fromEntries(sizes.map((size, index) => [size, results[index]]));
  writeFileSync(
    values.json,
    `${JSON.stringify({ at: new Date().toISOString(), results: bySize, wholeTables: read }, null, 2)}\n`,
  );
  console.log(
    read.length === 0 ? 'Every statement uses an index.' : `These read whole tables:\n${read.join('\n')}`,
  );
  process.exitCode = read.length === 0 ? 0 : 1;
} finally {
  for (const stage of stages) await stage.close();
}

/** A database of its own with so many users and events, and an application on it. */
async function openStage(users, events) {
  const stage = await Stage.open((text) => console.error(text));
  await stage.startApp();
  await stage.query(readFileSync(new URL('seed.sql', import.meta.url), 'utf8'));
  await stage.query(readFileSync(new URL('scale.sql', import.meta.url), 'utf8'));
  await userPages.e.setUp(stage);
  await makeStaff(stage);
  await makeEvents(stage, events);
  await makeUsers(stage, users);
  return stage;
}

/** People with all that belongs to them, from the generator. */
async function makeUsers(stage, users) {
  const until = new Date(new Date().toISOString().slice(0, 10));
  await generate(stage.sql, { users, until, onStep: (name) => process.stderr.write(`\r${name.padEnd(30)}`) });
  // staff keeps up with what comes in: as many wait at any size
  await stage.query('SELECT bench.make_waiting_reviews(600)');
  // a worker does so every hour
  for (const part of ['statistics', 'liability'])
    await stage.query(`SELECT admin.refresh_totals($1, now())`, [part]);
  await stage.settle();
}

/** Events, of which a hundred are parked at any size. */
async function makeEvents(stage, count) {
  for (let first = 1; first <= count; first += 1_000_000) {
    await stage.query('SELECT bench.make_many_events($1, $2)', [first, Math.min(count, first + 999_999)]);
    process.stderr.write(`\r${Math.min(count, first + 999_999).toLocaleString('en')} events`);
  }
  process.stderr.write('\n');
}

/**
 * The medians of each load at each size, and of the ratios to the smallest size in the same round.
 */
async function measure() {
  const seconds = Number(values.seconds);
  const rounds = stages.map(() => Object.fromEntries(loads.map(([name]) => [name, []])));
  for (let round = -1; round < Number(values.rounds); round++)
    for (const [name, load] of loads)
      for (const [index, stage] of stages.entries()) {
        const measured = await load(stage, seconds);
        // the first round warms up
        if (round >= 0) rounds[index][name].push(measured);
        process.stderr.write('.');
      }
  process.stderr.write('\n');
  return rounds.map((byLoad) =>
    Object.fromEntries(Object.entries(byLoad).map(([name, all]) => [name, summarize(all, rounds[0][name])])),
  );
}

function summarize(all, base) {
  const ofApp = (part) => median(all.map(({ cpuMicroseconds }) => cpuMicroseconds[part]));
  return {
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    ratio: median(all.map(({ perSecond }, round) => perSecond / base[round].perSecond)),
    p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
    cpuMicroseconds: { app: ofApp('app'), database: ofApp('database') },
  };
}

function line(result) {
  return Object.entries(result)
    .map(
      ([
        name,
        {
          perSecond,
          ratio,
          p99Ms,
          cpuMicroseconds: { app, database },
        },
      ]) =>
        `${name} ${Math.round(perSecond)}/s (${ratio.toFixed(2)}), p99 ${p99Ms.toFixed(1)} ms, CPU ${app} + ${database} µs`,
    )
    .join('; ');
}

async function makeStaff(stage) {
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

/** Parts of addresses that one person has, as the generator makes them. */
function* searches() {
  for (let n = 1; ; n++) {
    const part = createHash('md5')
      .update(`1.${1 + ((n * 7919) % sizes[0])}`)
      .digest('hex')
      .slice(0, 8);
    yield message('GET', `/api/v1/admin/users?query=${part}&limit=25`, {
      authorization: 'Bearer bench-staff',
    });
  }
}
