import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import Stripe from 'stripe';
import { ownDatabase, type OwnDatabase } from '../support/database.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { webhookSecret } from '../support/world.js';

const stripe = new Stripe('sk_test_signing_only');

/** What a real process writes while the main job runs. */
let own: OwnDatabase;
let app: AppProcess;
let sql: pg.Pool;
beforeAll(async () => {
  own = await ownDatabase();
  sql = new pg.Pool({ connectionString: own.url, max: 2 });
  sql.on('error', () => undefined);
  app = await startProcess({
    DATABASE_URL: own.url,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
    LOG_LEVEL: 'info',
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
}, 60_000);
afterAll(async () => {
  await app.terminate();
  await sql.end();
  await own.drop();
});

it('row 16: logs tell what happened to referrals, once, and no secret', async () => {
  const anna = await signIn('anna@example.org');
  const { code } = await get<{ code: string }>('/api/v1/referral', anna.token);
  await get('/api/v1/referral', anna.token);
  const bert = await signIn('bert@example.org', code);
  const at = Math.floor(Date.now() / 1000);
  const paid = invoice({ customer: stripeId('cus'), subscription: stripeId('sub'), userId: bert.id }, at);
  for (const type of ['invoice.paid', 'invoice.paid', 'invoice.payment_succeeded'])
    await deliver(JSON.stringify(event(type, paid, at)));
  await app.terminate();

  const lines = app
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = (name: string) => lines.filter((line) => line.event === name);
  expect(told('referral.code_assigned')).toEqual([expect.objectContaining({ userId: anna.id, code })]);
  expect(told('referral.linked')).toEqual([
    expect.objectContaining({ referrerId: anna.id, referredId: bert.id, code }),
  ]);
  expect(told('referral.converted')).toEqual([
    expect.objectContaining({
      referrerId: anna.id,
      referredId: bert.id,
      code,
      credit_days: { referrer: 45, referred: 45 },
    }),
  ]);
  for (const secret of [
    'anna@example.org',
    'bert@example.org',
    anna.token,
    bert.token,
    anna.signInCode,
    bert.signInCode,
    webhookSecret,
  ])
    expect(app.output()).not.toContain(secret);
  expect(
    lines.filter((line) => typeof (line.req as { id?: string } | undefined)?.id === 'string').length,
  ).toBeGreaterThan(5);
}, 60_000);

async function signIn(
  email: string,
  ref?: string,
): Promise<{ id: string; token: string; signInCode: string }> {
  const { challengeId } = await post<{ challengeId: string }>(
    '/api/v1/auth/challenges',
    ref === undefined ? { email } : { email, ref },
  );
  const signInCode = await codeOf(challengeId);
  const { token, user } = await post<{ token: string; user: { id: string } }>('/api/v1/auth/sessions', {
    challengeId,
    code: signInCode,
  });
  return { id: user.id, token, signInCode };
}

/** The worker mails the code in a moment. */
async function codeOf(challengeId: string): Promise<string> {
  for (;;) {
    const { rows } = await sql.query<{ text_part: string }>(
      `SELECT text_part FROM mail.letter WHERE id = $1`,
      [`sign-in-code:${challengeId}`],
    );
    const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0];
    if (code !== undefined) return code;
  }
}

async function post<T>(path: string, body: object): Promise<T> {
  const answer = await fetch(`${app.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return (await answer.json()) as T;
}

async function get<T>(path: string, token: string): Promise<T> {
  const answer = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as T;
}

async function deliver(payload: string): Promise<void> {
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const answer = await fetch(`${app.url}/webhooks/stripe`, { method: 'POST', body: payload, headers });
  expect(answer.status).toBe(200);
}
