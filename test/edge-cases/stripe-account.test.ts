import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { StripeAccount } from '../../src/billing/stripe/stripe-account.js';
import { doctor } from '../../src/cli/doctor/doctor.js';
import type { WordedCheckResult } from '../../src/platform/check-result.js';
import { runTwofold } from '../cli/run-twofold.js';
import { startProcess } from '../support/process.js';
import { event, invoice, monthSeconds, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** What stands behind the key: answers who it is, nothing, or never. */
let answer: { account: string } | 'nothing' | 'never';
let stripe: Server;
let world: World;
beforeAll(async () => {
  stripe = createServer((_, response) => {
    if (answer === 'never') return;
    response.statusCode = answer === 'nothing' ? 403 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(answer === 'nothing' ? { error: {} } : { id: answer.account, object: 'account' }),
    );
  }).listen(0, '127.0.0.1');
  await once(stripe, 'listening');
  const { port } = stripe.address() as AddressInfo;
  world = await createWorld({ stripeApiBase: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await world.close();
  stripe.closeAllConnections();
  stripe.close();
});
beforeEach(() => world.sql.query('DELETE FROM billing.stripe_account'));

const service = () => world.app.get(StripeAccount, { strict: false });
const environment = (key = 'sk_test_of_twofold') => ({
  DATABASE_URL: world.config.databaseUrl ?? '',
  SECRET_KEY: world.config.secretKeys.join(','),
  STRIPE_SECRET_KEY: key,
  STRIPE_WEBHOOK_SECRET: 'whsec_of_this_test',
  STRIPE_API_BASE: world.config.stripeApiBase ?? '',
});
const finding = async (key?: string) => {
  const { findings } = (await doctor(environment(key))).json as { findings: WordedCheckResult[] };
  return findings.find(({ check }) => check === 'Stripe account');
};

it('a start with a key of another Stripe account ends with 2, and says what to do', async () => {
  answer = { account: 'acct_one' };
  await service().check();
  await service().check();
  answer = { account: 'acct_two' };
  await expect(startProcess(environment())).rejects.toThrow(
    /ended with 2:[^]*acct_two \(test mode\)[^]*acct_one \(test mode\)[^]*stripe-account accept acct_two/,
  );
});

it('the doctor shows whether the key opens the account that everything belongs to', async () => {
  answer = { account: 'acct_one' };
  expect(await finding()).toMatchObject({
    level: 'ok',
    seen: expect.stringContaining('it is recorded when'),
  });
  await service().check();
  expect(await finding()).toMatchObject({
    level: 'ok',
    seen: expect.stringContaining('acct_one (test mode), since'),
  });
  expect(await finding('sk_live_of_twofold')).toMatchObject({ level: 'problem' });
  answer = { account: 'acct_two' };
  expect(await finding()).toMatchObject({
    level: 'problem',
    advice: expect.stringContaining('npx twofold stripe-account accept acct_two'),
  });
});

it.each(['nothing', 'never'] as const)('a start goes on where Stripe answers %s', async (what) => {
  answer = { account: 'acct_one' };
  await service().check();
  answer = what;
  await service().check();
  expect(await finding()).toBeUndefined();
});

it('an account that is accepted lets the subscriptions of the one before end with what was paid for', async () => {
  answer = { account: 'acct_one' };
  await service().check();
  world.clock.set(new Date()); // commands run in the present
  const person = await world.given.user();
  const now = world.when.seconds;
  await world.when.stripeSends(event('invoice.paid', invoice(person.payer, now), now));
  await world.when.stripeSends(event('customer.subscription.updated', subscription(person.payer, now), now));
  answer = { account: 'acct_two' };
  const accept = (id: string) => runTwofold(environment(), 'stripe-account', 'accept', id, '--json');
  expect((await accept('acct_one')).exitCode).toBe(1);
  const accepted = await accept('acct_two');
  expect(JSON.parse(accepted.stdout)).toEqual({ accountId: 'acct_two', subscriptionsThatEnd: 1 });
  expect(JSON.parse((await accept('acct_two')).stdout)).toMatchObject({ subscriptionsThatEnd: 0 });
  await service().check();
  const { rows } = await world.sql.query(`SELECT tier_expires_at FROM billing.account WHERE user_id = $1`, [
    person.id,
  ]);
  expect(rows).toEqual([{ tier_expires_at: new Date((now + monthSeconds) * 1_000) }]);
  expect(await world.see.count(`platform.audit WHERE action = 'billing.stripe_account_accepted'`)).toBe(1);
});
