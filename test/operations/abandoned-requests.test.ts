import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { holdLock } from '../support/held-lock.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { until } from '../support/until.js';

/** A client that leaves before the answer is logged and counted like every other. */
let own: TestDatabase;
let pool: pg.Pool;
let app: AppProcess;
beforeAll(async () => {
  own = await createMigratedDatabase();
  pool = new pg.Pool({ connectionString: own.url });
  app = await startProcess({
    DATABASE_URL: own.url,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    LOG_LEVEL: 'info',
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: 'whsec_x',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
});
afterAll(async () => {
  await app.terminate();
  await pool.end();
  await own.drop();
});

it('a request that no one waits for any more is logged and counted', async () => {
  const held = await holdLock(pool, 'LOCK TABLE auth.challenge');
  const leaving = new AbortController();
  const answer = fetch(`${app.url}/api/v1/auth/challenges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'hasty@example.org' }),
    signal: leaving.signal,
  });
  answer.catch(() => undefined);
  await held.untilBlocked();
  leaving.abort();
  await expect(answer).rejects.toThrow('aborted');
  await until(() => app.output().includes('request aborted'));
  await held.release();

  const said = app.output().split('\n');
  const line = said.find((one) => one.includes('request aborted')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ req: { route: '/api/v1/auth/challenges' }, res: null });
  const figures = await (await fetch(`${app.url}/metrics`)).text();
  expect(figures).toMatch(/_count\{method="POST",route="\/api\/v1\/auth\/challenges",status="aborted"\} 1/);
});
