import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { startProxy, type PostgresProxy } from '../support/postgres-proxy.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { createWorld, webhookSecret, type World } from '../support/world.js';

type Checks = Record<string, { status: string; seen?: string; advice?: string }>;

describe('readiness', () => {
  let world: World;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    world = await createWorld({}, async (url) => {
      proxy = await startProxy(url);
      return proxy.url;
    });
  });
  afterAll(async () => {
    await world.close();
  });

  const ask = () => world.app.inject({ url: '/health/ready' });

  it('readiness is 200 with every check when all is well, and asks for no session', async () => {
    const answer = await ask();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'ok',
      checks: {
        process: { status: 'ok' },
        database: { status: 'ok' },
        migrations: { status: 'ok' },
        queue: { status: 'ok' },
      },
    });
    const withToken = await world.app.inject({
      url: '/health/ready',
      headers: { authorization: 'Bearer x' },
    });
    expect(withToken.statusCode).toBe(200);
  });

  it.each([
    [
      'migrations',
      `UPDATE public.schema_file SET path = 'kept' WHERE path = '0008_settings.sql'`,
      `UPDATE public.schema_file SET path = '0008_settings.sql' WHERE path = 'kept'`,
      'npx twofold migrate',
    ],
    [
      'queue',
      `UPDATE pgboss.queue SET name = 'elsewhere' WHERE name = 'email'`,
      `UPDATE pgboss.queue SET name = 'email' WHERE name = 'elsewhere'`,
      'Restart this process',
    ],
  ])('readiness says that %s are missing, and what to do', async (check, breaking, mending, advice) => {
    await world.sql.query(breaking);
    const answer = await ask();
    await world.sql.query(mending);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { code, detail, checks } = answer.json<{ code: string; detail: string; checks: Checks }>();
    expect(code).toBe('platform.unavailable');
    expect(checks[check]).toMatchObject({ status: 'failed', advice: expect.stringContaining(advice) });
    expect(detail).toContain(advice);
    expect((await ask()).statusCode).toBe(200);
  });

  it('readiness says that the database is gone, without its password, while the process lives', async () => {
    await proxy.close();
    const [answer, live] = await Promise.all([ask(), world.app.inject({ url: '/health/live' })]);
    expect(live.statusCode).toBe(200);
    expect(answer.statusCode).toBe(503);
    const { checks } = answer.json<{ checks: Checks }>();
    expect(checks.database).toMatchObject({
      status: 'failed',
      advice: expect.stringContaining('DATABASE_URL'),
    });
    expect(checks.migrations?.status).toBe('unknown');
  });
});

describe('a process that is shutting down', () => {
  let own: TestDatabase;
  let app: AppProcess;
  let sql: pg.Client;
  beforeEach(async () => {
    own = await createMigratedDatabase();
    sql = new pg.Client({ connectionString: own.url });
    await sql.connect();
  });
  afterEach(async () => {
    await app.kill();
    await sql.end();
    await own.drop();
  });

  /** `delayMs`: how long it says that it is shutting down, before it closes. */
  const start = async (delayMs: number) => {
    app = await startProcess({
      DATABASE_URL: own.url,
      SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
      STRIPE_SECRET_KEY: 'sk_test_of_twofold',
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_BASE: 'http://127.0.0.1:9',
      SHUTDOWN_DELAY_MS: String(delayMs),
    });
  };

  const status = async (path: string) => {
    const answer = await fetch(`${app.url}${path}`, { headers: { connection: 'close' } });
    return { status: answer.status, text: await answer.text() };
  };

  it('a process that is shutting down says so at once, and still answers what comes until it closes', async () => {
    await start(60_000); // longer than this test: it is killed before it closes
    void app.terminate();
    const ready = await untilNotReady();
    expect(ready).toContain('it is shutting down');
    const answers = await Promise.all(Array.from({ length: 20 }, () => status('/api/v1/billing/plans')));
    expect(new Set(answers.map((answer) => answer.status))).not.toContain(503);
    expect((await status('/health/live')).status).toBe(200);
  });

  it('a process that is shutting down finishes what runs, also what waits for a lock, and then ends', async () => {
    await start(0);
    await sql.query(`BEGIN; LOCK TABLE auth.challenge IN ACCESS EXCLUSIVE MODE`);
    const running = fetch(`${app.url}/api/v1/auth/challenges`, {
      method: 'POST',
      body: JSON.stringify({ email: 'anna@example.org' }),
      headers: { 'content-type': 'application/json' },
    });
    await untilSomebodyWaits();
    const gone = app.terminate();
    await untilClosed();
    await sql.query('COMMIT');
    expect((await running).status).toBe(202);
    expect(await gone).toBe(0);
    const { rows } = await sql.query(`SELECT 1 FROM auth.challenge`);
    expect(rows).toHaveLength(1);
    await expect(status('/health/live')).rejects.toThrow();
  });

  async function untilNotReady(): Promise<string> {
    for (;;) {
      const { status: code, text } = await status('/health/ready');
      if (code === 503) return text;
    }
  }

  async function untilSomebodyWaits(): Promise<void> {
    for (;;) {
      const { rows } = await sql.query(`SELECT 1 FROM pg_locks WHERE NOT granted`);
      if (rows.length > 0) return;
    }
  }

  /** The port is closed. */
  async function untilClosed(): Promise<void> {
    for (;;) {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      const ended = await Promise.race([
        once(socket, 'connect').then(() => false),
        once(socket, 'error').then(() => true),
      ]).catch(() => true);
      socket.destroy();
      if (ended) return;
    }
  }
});
