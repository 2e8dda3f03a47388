import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { HttpClient, type SignedInUser } from '../support/http-client.js';
import { startProcess } from '../support/process.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { webhookSecret } from '../support/world.js';

const secretKey = 'a-secret-key-that-only-the-tests-know-0123456789';
const mailPassword = 'hunter2-of-the-mail-server';
const metricsToken = 'a-token-that-only-prometheus-knows';
const lastingToken = 'token-of-a-link-that-lasts';
const someoneElses = 'whsec_of_somebody_else';

/**
 * A mail server that refuses every e-mail, for now or (to `gone`) for good, and quotes whom it was
 * for.
 */
class RefusingMailServer {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 rude ESMTP\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean))
        if (/^(EHLO|HELO)/.test(line)) socket.write('250-rude\r\n250 AUTH PLAIN\r\n');
        else if (line.startsWith('AUTH')) socket.write('235 ok\r\n');
        else if (line.startsWith('RCPT'))
          socket.write(`${/gone/.test(line) ? '550 5.1.1' : '450 4.2.1'} no such user: ${line}\r\n`);
        else socket.write('250 ok\r\n');
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `smtp://twofold:${mailPassword}@127.0.0.1:${(this.server.address() as AddressInfo).port}?ignoreTLS=true`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

type Line = Record<string, unknown> & { req?: { id?: string; route?: string } };

/** What real processes write while the main job runs, and while much goes wrong. */
let own: TestDatabase;
let sql: pg.Pool;
let output = '';
let lines: Line[] = [];
let anna: SignedInUser;
let bert: SignedInUser;
let code: string;
const mailServer = new RefusingMailServer();

/** Runs a process during a scenario, and keeps what it wrote. */
async function runDuring(
  change: Record<string, string>,
  story: (httpClient: HttpClient, url: string) => Promise<void>,
): Promise<void> {
  const app = await startProcess({
    DATABASE_URL: own.url,
    SECRET_KEY: secretKey,
    LOG_LEVEL: 'info',
    METRICS_TOKEN: metricsToken,
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    ...change,
  });
  await story(new HttpClient(app.url, sql), app.url);
  expect(await app.terminate()).toBe(0);
  output += app.output();
}

beforeAll(async () => {
  own = await createMigratedDatabase();
  sql = new pg.Pool({ connectionString: own.url, max: 2 });
  sql.on('error', () => undefined);
  await runDuring({}, mainScenario);
  await runDuring({}, failingScenario);
  await runDuring({ SMTP_URL: await mailServer.start() }, mailFailureScenario);
  lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
});
afterAll(async () => {
  await sql.end();
  await mailServer.stop();
  await own.drop();
});

async function mainScenario(httpClient: HttpClient): Promise<void> {
  anna = await httpClient.signIn('anna@example.org');
  ({ code } = await httpClient.get<{ code: string }>('/api/v1/referral', anna.token));
  await httpClient.get('/api/v1/referral', anna.token);
  bert = await httpClient.signIn('bert@example.org', code);
  const at = Math.floor(Date.now() / 1000);
  const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: bert.id };
  const paid = invoice(payer, at, { customer_email: 'bert@example.org' });
  for (const type of ['invoice.paid', 'invoice.paid', 'invoice.payment_succeeded'])
    expect(await httpClient.deliver(JSON.stringify(event(type, paid, at)))).toBe(200);
}

/** Each refusal and failure names a person, as people do when they type into the wrong place. */
async function failingScenario(httpClient: HttpClient, url: string): Promise<void> {
  await httpClient.post('/api/v1/auth/challenges', { email: 'not an address of dora@example.org' });
  await httpClient.post('/api/v1/auth/challenges', '{"email": "dora@example.org"');
  await httpClient.post('/api/v1/auth/sessions', { challengeId: 'dora@example.org', code: '123456' });
  await fetch(`${url}/login?ref=dora%40example.org&email=dora@example.org&token=${anna.token}`);
  for (const path of [
    `/unsubscribe/${lastingToken}`,
    `/r/dora%40example.org`,
    `/api/v1/referral/codes/${lastingToken}`,
    `/nothing/${lastingToken}/dora@example.org`,
    `/api/v1/me/${lastingToken}`,
    `/api/docs/${lastingToken}`,
    `/%ff${lastingToken}`,
  ])
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) await fetch(`${url}${path}`, { method });
  await fetch(`${url}/settings`, { headers: { cookie: `tf_session=${anna.token}; other=dora@example.org` } });
  await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${someoneElses}` } });
  await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${metricsToken}`, 'x-forwarded-for': '::1' },
  });
  await fetch(`${url}/webhooks/stripe`, {
    method: 'POST',
    body: '{"id":"evt_1","customer_email":"dora@example.org"}',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=1,v1=${someoneElses}` },
  });
  // PostgreSQL quotes the row that it refuses
  await sql.query(
    `ALTER TABLE auth.challenge ADD CONSTRAINT nobody_called_dora CHECK (email <> 'dora@example.org')`,
  );
  const failed = await httpClient.post<{ status: number }>('/api/v1/auth/challenges', {
    email: 'dora@example.org',
  });
  expect(failed.status).toBe(500);
  await sql.query(`ALTER TABLE auth.challenge DROP CONSTRAINT nobody_called_dora`);
  await sql.query(
    `ALTER TABLE billing.inbox_payload ADD CONSTRAINT nothing_of_dora CHECK (payload::text !~ 'dora')`,
  );
  const at = Math.floor(Date.now() / 1000);
  const payer = { customer: stripeId('cus'), subscription: stripeId('sub'), userId: anna.id };
  const paid = invoice(payer, at, { customer_email: 'dora@example.org' });
  expect(await httpClient.deliver(JSON.stringify(event('invoice.paid', paid, at)))).toBe(500);
}

async function mailFailureScenario(httpClient: HttpClient): Promise<void> {
  for (const email of ['gone@example.org', 'anna@example.org'])
    await httpClient.post('/api/v1/auth/challenges', { email });
  for (;;) {
    const { rows } = await sql.query(`SELECT 1 FROM pgboss.job WHERE name = 'sign-in' AND state = 'retry'`);
    if (rows.length > 0) return;
  }
}

const linesNamed = (name: string) => lines.filter((line) => line.event === name || line.msg === name);

describe('the log', () => {
  it('the log shows what happened to referrals, once', () => {
    expect(linesNamed('referral.code_assigned')[0]).toMatchObject({ userId: anna.id, code });
    expect(linesNamed('referral.linked')).toEqual([
      expect.objectContaining({ referrerId: anna.id, referredId: bert.id, code }),
    ]);
    expect(linesNamed('referral.converted')).toEqual([
      expect.objectContaining({
        referrerId: anna.id,
        referredId: bert.id,
        code,
        credit_days: { referrer: 45, referred: 45 },
      }),
    ]);
  });

  it('the log is one JSON object a line, but for the greeting', () => {
    const others = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    for (const line of others)
      expect(line).toMatch(/^ {2}(Twofold is ready|Emails appear at|Become admin| +once, within 24 hours)/);
    expect(lines.length).toBeGreaterThan(20);
  });

  it('the log names the request that a line belongs to, and the job', () => {
    for (const line of [
      ...linesNamed('request.failed'),
      ...linesNamed('referral.converted'),
      ...linesNamed('request completed'),
    ])
      expect(line).toMatchObject({
        req: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          method: expect.stringMatching(/^[A-Z]+$/),
          route: expect.stringMatching(/^(none|\*|\/[\w/.:*-]*)$/),
        },
      });
    for (const line of linesNamed('request completed'))
      expect(line).toMatchObject({ context: 'http', res: { status: expect.any(Number) } });
    expect(linesNamed('request errored')[0]).toMatchObject({ level: 50, responseTime: expect.any(Number) });
    expect(linesNamed('request.failed').length).toBeGreaterThanOrEqual(2);
    expect(linesNamed('handler.failed')[0]).toMatchObject({
      handler: 'emailSignInCode',
      jobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('the log says of a mail server only the code of its refusal', () => {
    expect(JSON.stringify(linesNamed('handler.failed')[0])).toContain('EENVELOPE 450');
    expect(linesNamed('email.rejected')).toMatchObject([{ replyCode: 550, to: 'g•••@e•••.org' }]);
  });

  it('the log says the pattern of a route, and none of the path that was asked for', () => {
    const routes = new Set(linesNamed('request completed').map(({ req }) => req?.route));
    for (const route of ['/unsubscribe/:token', '/r/:code', '/api/v1/referral/codes/:code', 'none'])
      expect(routes).toContain(route);
  });

  it('the log holds no address, code, token, cookie or secret', () => {
    for (const secret of [
      ...['anna@example.org', 'bert@example.org', 'dora@example.org', 'dora%40example.org', 'dora@'],
      'gone@example.org',
      ...[anna.token, bert.token, anna.signInCode, bert.signInCode, someoneElses],
      ...[webhookSecret, secretKey, mailPassword, metricsToken, 'sk_test_of_twofold', 'tf_session'],
      lastingToken,
    ])
      expect(lines.filter((line) => JSON.stringify(line).includes(secret))).toEqual([]);
    // what asks every few seconds says nothing
    expect(lines.filter(({ req }) => /^\/(health|metrics)/.test(req?.route ?? ''))).toEqual([]);
  });
});
