// Every page of the console with very many people: how long each takes, and which of its
// statements are slow.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from '../bin/generate/generate.mjs';
import { Secrets } from '../dist/platform/security/secrets.js';
import { consolePages, listPages } from './console-pages.mjs';
import { median } from './report.mjs';
import { Stage, secretKey } from './stage.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '5' },
    slow: { type: 'string', default: '50' },
    limit: { type: 'string', default: '300' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:console -- [--users 1000000] [--times 5] [--slow 50] [--limit 300]
  Generates the people in a database of its own, opens every page and file of the console so many times as an admin, and prints in
  milliseconds how long the first time took, and the median until the first byte and until the last one, with the statements that took
  longer than --slow. Exits with 1 when the median of a page is above --limit, or that until the first byte of a file, or when one
  does not open.`);
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
  const pages = await consolePages((statement) => stage.query(statement));
  for (const page of listPages(pages)) await measure(page);
} finally {
  await stage.close();
}

async function measure({ path, fields, status: expected }) {
  const log = join(stage.clusterDir(), 'server.log');
  const before = statSync(log).size;
  const answers = [];
  for (let time = 0; time < Number(values.times); time++) answers.push(await open(path, fields));
  const [{ whole: first, status }] = answers;
  const begun = median(answers.map(({ firstByte }) => firstByte));
  const whole = median(answers.map((answer) => answer.whole));
  // a file of all people is as long as there are people; it begins as soon as a page
  const isSlow = expected === 200 && (path.includes('.csv') ? begun : whole) > Number(values.limit);
  if (isSlow || status !== expected) process.exitCode = 1;
  const ms = (time) => String(Math.round(time)).padStart(6);
  console.log(
    `${ms(first)} first ${ms(begun)} begun ${ms(whole)} whole  ${status}  ${path}${isSlow ? '  SLOW' : ''}`,
  );
  for (const statement of slowStatements(readFileSync(log).subarray(before).toString()))
    console.log(`    ${statement}`);
}

/** Opens a page as the admin; answers the milliseconds until its first byte and its last one. */
async function open(path, fields) {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${stage.port}${path}`, {
    headers: {
      cookie: 'tf_session=bench-staff',
      accept: 'text/html',
      origin: `http://127.0.0.1:${stage.port}`,
    },
    ...(fields === null ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
  });
  const reader = answer.body.getReader();
  let { done } = await reader.read();
  const firstByte = performance.now() - startedAt;
  while (!done) ({ done } = await reader.read());
  return { status: answer.status, firstByte, whole: performance.now() - startedAt };
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
