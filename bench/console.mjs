// Every page of the console with very many people: how long each takes, and which of its
// statements are slow.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from '../bin/generate/generate.mjs';
import { Secrets } from '../dist/platform/security/secrets.js';
import { median } from './report.mjs';
import { Stage, secretKey } from './stage.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '5' },
    slow: { type: 'string', default: '50' },
    most: { type: 'string', default: '300' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:console -- [--users 1000000] [--times 5] [--slow 50] [--most 300]
  Generates the people in a database of its own, opens each GET page of the console so many times as an admin, and prints the first hit
  and the median in milliseconds, with the statements that took longer than --slow. Exits with 1 when a median is above --most.`);
  process.exit(0);
}

const staff = '00000000-0000-7000-8009-000000000001';
const stage = await Stage.open((text) => console.error(text));
try {
  await generate(stage.sql, { users: Number(values.users), until: startOfToday(), onStep: console.error });
  await stage.startApp();
  await makeStaff();
  for (const part of ['statistics', 'liability']) {
    const startedAt = performance.now();
    await stage.query(`SELECT admin.refresh_totals($1, now())`, [part]);
    console.log(`${part} stored in ${Math.round(performance.now() - startedAt)} ms`);
  }
  await stage.settle();
  await stage.query(`ALTER SYSTEM SET log_min_duration_statement = ${Number(values.slow)}`);
  await stage.query(`SELECT pg_reload_conf()`);
  for (const path of await pages()) await measure(path);
} finally {
  await stage.close();
}

/** The pages of the console, with the person who has invited most. */
async function pages() {
  const [{ id: user }] = await stage.query(
    `SELECT referrer_id AS id FROM referral.referral GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
  );
  const [{ id: referral }] = await stage.query(`SELECT referral_id AS id FROM referral.conversion LIMIT 1`);
  const [{ id: event }] = await stage.query(
    `SELECT event_id AS id FROM billing.inbox WHERE status = 'parked' LIMIT 1`,
  );
  return [
    ...['', '/failures', '/search?q=person777', '/users', '/users?query=anna', `/users/${user}`],
    ...[
      `/users/${user}/refund-as-credit`,
      '/merges',
      '/api-keys',
      '/events',
      '/events?status=parked',
      `/events/${event}`,
    ],
    ...['/referrals', '/referrals?review=waiting', '/referrals?status=held', `/referrals/${referral}`],
    ...['/programme', '/programme/new', '/programme/2', '/programme/diff?from=1&to=2'],
    ...['/stats', '/stats?days=7', '/stats?days=90', '/stats?days=365', '/stats/series.csv?days=365'],
  ].map((path) => `/admin${path}`);
}

async function measure(path) {
  const log = join(stage.clusterDir(), 'server.log');
  const before = statSync(log).size;
  const times = [];
  let status;
  for (let time = 0; time < Number(values.times); time++) {
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${stage.port}${path}`, {
      headers: { cookie: 'tf_session=bench-staff', accept: 'text/html' },
    });
    await answer.text();
    ({ status } = answer);
    times.push(performance.now() - startedAt);
  }
  const usual = median(times);
  if (usual > Number(values.most)) process.exitCode = 1;
  const ms = (time) => String(Math.round(time)).padStart(6);
  console.log(`${ms(times[0])} first ${ms(usual)} median  ${status}  ${path}`);
  for (const statement of slowStatements(readFileSync(log).subarray(before).toString()))
    console.log(`    ${statement}`);
}

/** Each slow statement once, with the longest that it took. */
function slowStatements(text) {
  const longest = new Map();
  for (const [, time, statement] of text.matchAll(
    /duration: ([\d.]+) ms {2}\w+(?: [^:]*)?: ([\s\S]*?)(?=\n\d{4}-|$)/g,
  )) {
    const line = statement.replace(/\s+/g, ' ').slice(0, 200);
    longest.set(line, Math.max(longest.get(line) ?? 0, Number(time)));
  }
  return [...longest].map(([line, time]) => `${Math.round(time)} ms: ${line}`);
}

async function makeStaff() {
  await stage.query(
    `INSERT INTO auth."user" (id, email, role, created_at) VALUES ($1, 'staff@example.org', 'admin', now())`,
    [staff],
  );
  await stage.query(
    `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
     VALUES (gen_random_uuid(), $1, $2, now(), now(), now() + interval '30 days')`,
    [staff, new Secrets([secretKey]).hash('session', 'bench-staff')],
  );
}

function startOfToday() {
  return new Date(new Date().toISOString().slice(0, 10));
}
