import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { createApp } from '../../src/create-app.js';
import { SystemClock } from '../../src/platform/clock.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { sqlFiles } from '../../src/platform/database/migration-files.js';
import { taskQueue } from '../../src/platform/jobs/lanes.js';
import { JOB_QUEUE } from '../../src/platform/jobs/job-queue.js';
import { EventHandlers, EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { until } from '../support/until.js';

/** Four processes begin at the same moment on a database in which there is nothing at all. */
let testDatabase: TestDatabase;
const fileCount = sqlFiles().migrations.length + sqlFiles().functions.length;
let sql: pg.Pool;
let processes: AppProcess[] = [];
const environment = () => ({
  DATABASE_URL: testDatabase.url,
  DATABASE_POOL_MAX: '6',
  SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
  STRIPE_SECRET_KEY: 'sk_test_of_twofold',
  STRIPE_WEBHOOK_SECRET: 'whsec_test_of_twofold',
  STRIPE_API_BASE: 'http://127.0.0.1:9',
  SHUTDOWN_DELAY_MS: '0',
});

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  sql = new pg.Pool({ connectionString: testDatabase.url, max: 2 });
  // dropping the database may reach a connection before its own end does
  sql.on('error', () => undefined);
  const started = await Promise.allSettled([1, 2, 3, 4].map(() => startProcess(environment())));
  processes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.terminate()));
  await sql.end();
  await testDatabase.drop();
});

it('all begin, and the first terms are there once', async () => {
  expect(processes).toHaveLength(4);
  expect(await count('public.schema_file')).toBe(fileCount);
  expect(await count('referral.terms')).toBe(1);
});

it('runs each migration once when all begin to migrate at the same instant', async () => {
  const empty = await createEmptyDatabase();
  const said: string[] = [];
  const done = await Promise.all(
    [1, 2, 3, 4].map(() => prepareDatabase(empty.url, (line) => said.push(line))),
  );
  expect(done.flat()).toHaveLength(fileCount);
  expect(new Set(done.flat()).size).toBe(fileCount);
  expect(new Set(said)).toEqual(new Set(['Another process migrates this database. Waiting for it.']));
  await empty.drop();
});

it('lets exactly as many through as a limit says, whichever process is asked', async () => {
  const statuses = await requestCodes(40, () => 'anna@example.org');
  // five codes may be open for one address
  expect(countStatuses(statuses)).toEqual({ 202: 5, 429: 35 });
  const others = await requestCodes(100, (n) => `friend-${n}@example.org`);
  // a hundred an hour for one network; what was refused is not counted
  expect(countStatuses(others)).toEqual({ 202: 95, 429: 5 });
});

describe('several workers', () => {
  const apps: NestFastifyApplication[] = [];
  beforeAll(async () => {
    await until(async () => (await count('pgboss.schedule')) > 0);
    await Promise.all(processes.splice(0).map((process) => process.terminate()));
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  async function worker(): Promise<NestFastifyApplication> {
    const config = loadConfig({ ...environment(), ROLE: 'worker', LOG_LEVEL: 'fatal' });
    const app = await createApp(config, new SystemClock());
    apps.push(app);
    return app;
  }
  const boss = (index: number): PgBoss => (apps[index] as NestFastifyApplication).get(JOB_QUEUE);

  it('several workers let no task run beside itself', async () => {
    await Promise.all([worker(), worker()]);
    const send = () => boss(0).send(taskQueue, { name: 'none' }, { singletonKey: 'none' });
    await send();
    await send();
    const fetched = await Promise.all([boss(0).fetch(taskQueue), boss(1).fetch(taskQueue)]);
    const [job, ...others] = fetched.flat();
    expect(others).toEqual([]);
    expect(await boss(1).fetch(taskQueue)).toEqual([]);
    await boss(0).complete(taskQueue, job?.id ?? '');
    const [next] = await boss(1).fetch(taskQueue);
    expect(next).toMatchObject({ data: { name: 'none' } });
    await boss(1).complete(taskQueue, next?.id ?? '');
  });

  it('several workers have one schedule of each task, and do it once a tick', async () => {
    const reactors = apps.map((app) => app.get(EventHandlerWorker, { strict: false }));
    await Promise.all(reactors.map((reactor) => reactor.start()));
    const tasks = Object.keys(apps[0]?.get(EventHandlers, { strict: false }).tasks ?? {});
    expect(await count('pgboss.schedule')).toBe(tasks.length);
    // the next process looks for what is due
    await sql.query(`UPDATE pgboss.version SET cron_on = NULL`);
    await Promise.all([worker(), worker()]);
    await until(async () => (await count(`${minutelyTaskJobs} AND state = 'completed'`)) > 0);
    const { rows } = await sql.query<{ runs: number; begun: number }>(
      `SELECT count(*)::int AS runs, sum(retry_count + 1)::int AS begun FROM ${minutelyTaskJobs} GROUP BY singleton_on, date_trunc('minute', created_on)`,
    );
    expect(rows).toEqual(rows.map(() => ({ runs: 1, begun: 1 })));
  });
});

const minutelyTaskJobs = `pgboss.job WHERE name = 'tasks' AND data ->> 'name' = 'release-held-rewards'`;

async function count(what: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`);
  return rows[0]?.n ?? -1;
}

/** Asks all processes in turn, all at once. */
function requestCodes(times: number, emailOf: (n: number) => string): Promise<number[]> {
  const ask = async (n: number): Promise<number> => {
    const { url } = processes[n % processes.length] as AppProcess;
    const answer = await fetch(`${url}/api/v1/auth/challenges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: emailOf(n) }),
    });
    return answer.status;
  };
  return Promise.all(Array.from({ length: times }, (_, n) => ask(n)));
}

function countStatuses(statuses: number[]): Record<number, number> {
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((one) => one === status).length]),
  );
}
