import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMTPServer } from 'smtp-server';
import { doctor } from '../../src/cli/doctor/doctor.js';
import type { WordedCheckResult } from '../../src/platform/check-result.js';
import { checkStripe, ReconciliationService } from '../../src/billing/index.js';
import { createEmptyDatabase } from '../support/database.js';
import { inEnglish } from '../support/in-english.js';
import { createLostWebhooksWorld, type LostWebhooksWorld } from '../support/lost-webhooks.js';
import { freePort } from '../../src/embedded-postgres/index.js';
import { listResponse, price, product } from '../support/stripe-responses.js';
import { StripeProxy } from '../support/stripe-proxy.js';
import { runTwofold } from './run-twofold.js';

let world: LostWebhooksWorld;
beforeAll(async () => {
  world = await createLostWebhooksWorld();
});
afterAll(() => world.close());

function environment(): Record<string, string> {
  return {
    DATABASE_URL: world.config.databaseUrl ?? '',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: 'whsec_of_this_test',
    STRIPE_API_BASE: world.sandbox.url,
    BASE_URL: new URL(world.sandbox.webhookReceiver.url).origin,
  };
}

/** What it finds, as `check: level`, and in full. */
async function runDoctor(change: Record<string, string> = {}) {
  const report = await doctor({ ...environment(), ...change });
  const { findings } = report.json as { findings: WordedCheckResult[] };
  const bad = findings.filter(({ level }) => level !== 'ok');
  return { report, findings, bad: bad.map(({ check, level }) => `${check}: ${level}`) };
}

describe('the doctor', () => {
  it('the doctor finds what is in order, and what was not delivered', async () => {
    const anna = await world.given.user();
    await world.buySubscription(anna);
    const { report, bad, findings } = await runDoctor();
    expect(bad).toEqual(
      expect.arrayContaining(['Stripe deliveries: warning', 'comparison with Stripe: warning']),
    );
    expect(findings.find(({ check }) => check === 'Stripe deliveries')).toMatchObject({
      seen: expect.stringContaining('invoice.paid'),
      advice: expect.stringContaining('twofold reconcile'),
    });
    for (const { advice, level } of findings) expect(advice === '').toBe(level === 'ok');
    expect(report.problem).toBe(false);

    await world.app.get(ReconciliationService, { strict: false }).reconcileEvents();
    expect((await runDoctor()).bad).not.toContain('comparison with Stripe: warning');
  });

  it.each<[string, string, string]>([
    ['a dead event', `UPDATE billing.inbox SET status = 'dead', payload = '{}'`, 'events: problem'],
    ['a failed event', `UPDATE billing.inbox SET status = 'failed', payload = '{}'`, 'events: warning'],
    [
      'an event that waits',
      `UPDATE billing.inbox SET status = 'parked', waiting_key = 'x', payload = '{}', received_at = now() - interval '2 h'`,
      'events: warning',
    ],
    [
      'an event without a worker',
      `INSERT INTO platform.outbox (pending, published_at) VALUES ('{"events": []}', now() - interval '6 min')`,
      'jobs: problem',
    ],
    [
      'a job without a worker',
      `INSERT INTO pgboss.job (name, data, start_after, created_on) VALUES ('bulk', '{}', now() - interval '6 min', now() - interval '6 min')`,
      'jobs: problem',
    ],
    [
      'a migration that has not run',
      `DELETE FROM public.schema_file WHERE path = 'functions/billing.claim_event.sql'`,
      'migrations: problem',
    ],
  ])('the doctor finds %s', async (_what, sql, expected) => {
    await world.sql.query(sql);
    const { bad, report } = await runDoctor();
    expect(bad).toContain(expected);
    expect(report.problem).toBe(bad.some((one) => one.endsWith('problem')));
  });

  it('the doctor goes on without a database, without Stripe, without a mail server, and gives away no password', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`;
    const change = {
      DATABASE_URL: `postgres://u:hunter2@${nowhere}/x`,
      STRIPE_API_BASE: `http://${nowhere}`,
      SMTP_URL: `smtp://u:hunter2@${nowhere}`,
    };
    const { exitCode, stdout, stderr } = await runTwofold({ ...environment(), ...change }, 'doctor');
    expect(exitCode).toBe(1);
    for (const line of ['problem  database:', 'problem  Stripe:', 'problem  mail:'])
      expect(stdout).toContain(line);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('the doctor shows an empty database from a migrated one, and leaves it empty', async () => {
    const own = await createEmptyDatabase();
    const { bad } = await runDoctor({ DATABASE_URL: own.url });
    const again = await runDoctor({ DATABASE_URL: own.url });
    await own.drop();
    expect(bad).toContain('migrations: problem');
    expect(again.bad).toContain('migrations: problem');
  });

  it('the doctor signs in at the mail server, and finds a key that Stripe refuses', async () => {
    const port = await freePort();
    const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    const { findings, bad } = await runDoctor({
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      STRIPE_SECRET_KEY: 'sk_live_refused',
    });
    await new Promise<void>((closed) => server.close(closed));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'mail', level: 'ok' }));
    expect(bad).toContain('Stripe key: problem');
  });

  it('the doctor says in local mode that the sandbox runs with the application only', async () => {
    const { DATABASE_URL = '', SECRET_KEY = '' } = environment();
    const env = { DATABASE_URL, SECRET_KEY, PORT: String((await freePort()) - 1) };
    const { lines } = await doctor(env);
    expect(lines.join()).toContain('warning  Stripe: no sandbox responds');
  });

  it.each([
    [0, 'ok'],
    [100, 'warning'],
    [-100, 'warning'],
    [250, 'problem'],
  ])('a clock that is %d s off is %s', async (seconds, level) => {
    const now = () => new Date(Date.now() + seconds * 1000);
    const { config } = world;
    const findings = (await checkStripe({ config, isSandbox: false, now })).map(inEnglish);
    expect(findings.find(({ check }) => check === 'Stripe clock')?.level).toBe(level);
  });

  it.each([
    [price({ id: 'price_asked' }), 'price_asked makes a user paid'],
    [
      price({ id: 'price_asked', active: false }),
      'price_asked makes a user paid, but is not for sale: it is archived',
    ],
    [
      price({ id: 'price_asked', product: product({ active: false }) }),
      'price_asked makes a user paid, but is not for sale: its product is archived',
    ],
  ])('the doctor says whether a price can be bought (%#)', async (asked, seen) => {
    const stripe = new StripeProxy();
    // as at Stripe, a product is an id unless it is asked for
    const shown = (path: string) => (path.includes('expand') ? asked : { ...asked, product: 'prod_1' });
    stripe.stub = ({ path }) => {
      if (path.startsWith('/v1/prices/')) return { status: 200, body: shown(path) };
      return path.startsWith('/v1/account') ? { status: 200, body: { id: 'acct_1' } } : listResponse([]);
    };
    const config = {
      ...world.config,
      stripePaidPrices: ['price_asked'],
      stripeApiBase: await stripe.start(),
    };
    const findings = (await checkStripe({ config, isSandbox: false, now: () => new Date() })).map(inEnglish);
    await stripe.stop();
    expect(findings.filter(({ check }) => check === 'Stripe prices')).toMatchObject([{ level: 'ok', seen }]);
  });

  it('the doctor finds a price that does not exist', async () => {
    const config = { ...world.config, stripePaidPrices: ['price_twofold_monthly', 'price_of_another_mode'] };
    const findings = (await checkStripe({ config, isSandbox: false, now: () => new Date() })).map(inEnglish);
    expect(findings.filter(({ check }) => check === 'Stripe prices').map(({ level }) => level)).toEqual([
      'ok',
      'problem',
    ]);
  });
});
