import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';
import { startProcess } from '../support/process.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { webhookSecret } from '../support/world.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}

/** A collector that keeps what it is sent, as OTLP says it in JSON. */
class TraceCollector {
  readonly spans: Span[] = [];
  readonly sent: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      this.sent.push(text);
      const { resourceSpans } = JSON.parse(text) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      this.spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap(({ spans }) => spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async up(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async down(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** A span's names from the root of its trace down to it. */
  pathOf(span: Span): string[] {
    const parent = this.spans.find(({ spanId }) => spanId === span.parentSpanId);
    return [...(parent === undefined ? [] : this.pathOf(parent)), span.name];
  }
}

let own: TestDatabase;
let sql: pg.Pool;
const traceCollector = new TraceCollector();
let environment: Record<string, string>;
beforeAll(async () => {
  own = await createMigratedDatabase();
  sql = new pg.Pool({ connectionString: own.url, max: 2 });
  sql.on('error', () => undefined);
  environment = {
    DATABASE_URL: own.url,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    SHUTDOWN_DELAY_MS: '0',
  };
});
afterAll(async () => {
  await sql.end();
  await traceCollector.down();
  await own.drop();
});

it('a payment is one trace: the delivery, its transaction, the job, and the emails of another process', async () => {
  const traced = { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: await traceCollector.up() };
  const [web, worker] = await Promise.all([
    startProcess({ ...traced, ROLE: 'web' }),
    startProcess({ ...traced, ROLE: 'worker' }),
  ]);
  const httpClient = new HttpClient(web.url, sql);
  const anna = await httpClient.signIn('anna@example.org');
  const { code } = await httpClient.get<{ code: string }>('/api/v1/referral', anna.token);
  const bert = await httpClient.signIn('bert@example.org', code);
  const at = Math.floor(Date.now() / 1000);
  const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: bert.id };
  const paid = event('invoice.paid', invoice(payer, at), at);
  expect(await httpClient.deliver(JSON.stringify(paid))).toBe(200);
  await untilEmails(5); // two codes, a friend who joined, and the credit of both
  expect([await web.terminate(), await worker.terminate()]).toEqual([0, 0]);

  const delivery = traceCollector.spans.find(({ name }) => name === 'POST /webhooks/stripe');
  const ofIt = traceCollector.spans.filter(({ traceId }) => traceId === delivery?.traceId);
  expect(ofIt.find(({ name }) => name === 'transaction')?.attributes).toContainEqual({
    key: 'stripe.event.id',
    value: { stringValue: paid.id },
  });
  const mails = ofIt.filter(({ name }) => name === 'mail').map((mail) => traceCollector.pathOf(mail));
  expect(mails).toHaveLength(2);
  for (const path of mails) {
    expect(path.slice(0, 2)).toEqual(['POST /webhooks/stripe', 'transaction']);
    expect(path.at(-2)).toMatch(/^handler emailRefer/);
  }
  const sent = traceCollector.sent.join();
  for (const secret of ['anna@', 'bert@', anna.token, bert.token, anna.signInCode, webhookSecret, code])
    expect(sent).not.toContain(secret);
});

it('without a collector, and with one that is away, everything works', async () => {
  const changes: Record<string, string>[] = [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }];
  for (const change of changes) {
    const app = await startProcess({ ...environment, ...change, LOG_LEVEL: 'warn' });
    await new HttpClient(app.url, sql).signIn(`carl${Object.keys(change).length}@example.org`);
    expect(await app.terminate()).toBe(0);
  }
});

async function untilEmails(count: number): Promise<void> {
  for (;;) {
    const { rows } = await sql.query(`SELECT 1 FROM notifications.captured_email`);
    if (rows.length >= count) return;
  }
}
