import { Agent, request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import pg from 'pg';
import Stripe from 'stripe';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { RawClient } from '../support/raw-client.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { until } from '../support/until.js';
import { webhookSecret } from '../support/world.js';

/** A real process that gets SIGTERM while clients deliver, stall, or keep their connections. */
let own: TestDatabase;
let sql: pg.Pool;
let app: AppProcess;
/** How long the process took to start: on a busy machine, its end takes longer, too. */
let startedInMs: number;
beforeEach(async () => {
  own = await createMigratedDatabase();
  sql = new pg.Pool({ connectionString: own.url, max: 4 });
  sql.on('error', () => undefined);
  const startsAt = performance.now();
  app = await startProcess({
    DATABASE_URL: own.url,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    SHUTDOWN_DELAY_MS: '0',
    LOG_LEVEL: 'fatal',
  });
  startedInMs = performance.now() - startsAt;
});
afterEach(async () => {
  await app.kill();
  await sql.end();
  await own.drop();
});

const signing = new Stripe('sk_test_signing_only');

/** A signed delivery of something about an anonymous visitor: one row in the inbox. */
function delivery(): { id: string; payload: string; headers: Record<string, string> } {
  const at = Math.floor(Date.now() / 1000);
  const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: null };
  const told = event('invoice.paid', invoice(payer, at), at);
  const payload = JSON.stringify(told);
  const signature = signing.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  return {
    id: told.id,
    payload,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(payload)),
      'stripe-signature': signature,
    },
  };
}

/** Delivers over a connection that is kept; null: refused without an answer. */
function deliver(agent: Agent): Promise<{ id: string; status: number | null }> {
  const { id, payload, headers } = delivery();
  return new Promise((resolve) => {
    const asked = request(
      new URL('/webhooks/stripe', app.url),
      { method: 'POST', agent, headers },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve({ id, status: answer.statusCode ?? null }));
        answer.once('error', () => resolve({ id, status: null }));
      },
    );
    asked.once('error', () => resolve({ id, status: null }));
    asked.end(payload);
  });
}

/** The port is closed. */
async function untilPortIsClosed(): Promise<void> {
  const refuses = (late: RawClient) => {
    late.socket.destroy();
    return false;
  };
  await until(() => RawClient.connect(app.url).then(refuses, () => true));
}

async function kept(ids: string[]): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT event_id AS id FROM billing.inbox WHERE event_id = ANY ($1)`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

it('each delivery that is accepted while the process is shutting down is answered 200 and kept, and each other leaves nothing', async () => {
  const agent = new Agent({ keepAlive: true });
  const results: { id: string; status: number | null }[] = [];
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const result = await deliver(agent);
      results.push(result);
      if (result.status === null) return; // the port is closed
    }
  };
  const clients = Promise.all(Array.from({ length: 24 }, client));
  await until(() => results.length > 200);
  const code = await app.terminate();
  isOver = true;
  await clients;
  agent.destroy();

  expect(code).toBe(0);
  const answered = results.filter(({ status }) => status !== null);
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]));
  const stored = await kept(results.map(({ id }) => id));
  expect(stored).toEqual(new Set(answered.map(({ id }) => id)));
});

it('a delivery whose head was read before the signal is answered once its body has come, after the server stops accepting', async () => {
  const deliveries = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const { id, payload, headers } = delivery();
      const client = await RawClient.connect(app.url);
      client.head('POST', '/webhooks/stripe', { ...headers, expect: '100-continue' });
      await client.untilReceived('100 Continue');
      return { id, client: client.write(payload.slice(0, 50)), rest: payload.slice(50) };
    }),
  );
  const gone = app.terminate();
  await untilPortIsClosed();
  for (const { client, rest } of deliveries) client.write(rest);
  await Promise.all(deliveries.map(({ client }) => client.untilClosed()));
  for (const { client } of deliveries) expect(client.received).toContain('HTTP/1.1 200');
  expect(await kept(deliveries.map(({ id }) => id))).toHaveProperty('size', deliveries.length);
  expect(await gone).toBe(0);
});

it('what comes on an open connection after the server stops accepting is answered 200 or not read at all, and never 503', async () => {
  const { id, payload, headers } = delivery();
  const client = await RawClient.connect(app.url);
  const busy = (await RawClient.connect(app.url)).head('POST', '/webhooks/stripe', {
    ...delivery().headers,
    expect: '100-continue',
  });
  await busy.untilReceived('100 Continue');
  const gone = app.terminate();
  await untilPortIsClosed();
  client.head('POST', '/webhooks/stripe', headers).write(payload);
  await client.untilClosed();
  const isAnswered = client.received !== '';
  if (isAnswered) expect(client.received).toContain('HTTP/1.1 200');
  expect(await kept([id])).toHaveProperty('size', isAnswered ? 1 : 0);
  busy.socket.destroy();
  expect(await gone).toBe(0);
});

it('connections on which nothing is asked do not hold up the end', async () => {
  const unused = await RawClient.connect(app.url);
  const half = (await RawClient.connect(app.url)).write('GET /health/live HTTP/1.1\r\nho');
  const stuck = (await RawClient.connect(app.url)).head('POST', '/webhooks/stripe', {
    ...delivery().headers,
    expect: '100-continue',
  });
  await stuck.untilReceived('100 Continue');
  const gone = app.terminate();
  await Promise.all([unused.untilClosed(), half.untilClosed()]);
  expect(stuck.closed).toBe(false); // it was accepted, and may still bring its body
  stuck.socket.destroy();
  expect(await gone).toBe(0);
});

it('the process ends within ten seconds, whatever its clients do', async () => {
  const idle = (await RawClient.connect(app.url)).head('GET', '/health/live');
  await idle.untilReceived('200 OK');
  const body = (await RawClient.connect(app.url)).head('POST', '/api/v1/auth/challenges', {
    'content-type': 'application/json',
    'content-length': 1_000,
    expect: '100-continue',
  });
  await body.untilReceived('100 Continue');
  (await RawClient.connect(app.url)).write('GET /health/live HTTP/1.1\r\nho');
  const reader = await RawClient.connect(app.url);
  reader.socket.pause();
  for (let n = 0; n < 500; n++) reader.head('GET', '/api/openapi.json');
  const drip = setInterval(() => body.write(' '), 100);

  const toldAt = performance.now();
  const code = await app.terminate();
  clearInterval(drip);
  expect(code).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(10_000 + startedInMs);
  reader.socket.destroy();
});
