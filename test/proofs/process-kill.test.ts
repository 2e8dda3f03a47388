import { afterAll, beforeAll, expect, it } from 'vitest';
import Stripe from 'stripe';
import { holdLock } from '../support/held-lock.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { event, invoice, type StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, webhookSecret, type World } from '../support/world.js';

const stripe = new Stripe('sk_test_signing_only');

/**
 * One referrer, many friends who pay: the process that takes their payments is killed again and
 * again.
 */
let world: World;
let databaseUrl: string;
beforeAll(async () => {
  world = await createWorld();
  world.clock.set(new Date());
  databaseUrl = world.config.databaseUrl ?? '';
});
afterAll(() => world.close());

it('kill -9 in the middle of deliveries loses nothing and doubles nothing', async () => {
  const { given, see, when } = world;
  const anna = await given.user();
  const code = await given.referralCodeOf(anna);
  const friends = [];
  for (let n = 0; n < 40; n++) {
    const friend = await given.user({ ref: code });
    await given.linkCustomer(friend);
    friends.push(friend);
  }
  const payments = friends.map((friend) =>
    event('invoice.paid', invoice(friend.payer, when.seconds), when.seconds),
  );
  const acknowledged = new Set<string>();
  // the last one waits for a row that is held: so every kill comes in the middle of a transaction
  const held = await holdLock(world.sql, `SELECT 1 FROM billing.account WHERE user_id = $1 FOR UPDATE`, [
    friends.at(-1)?.id,
  ]);
  let kills = 0;
  for (let round = 0; round < 4; round++) {
    const app = await start();
    const pending = payments.map((payment) =>
      deliver(app, payment).then((ok) => ok && acknowledged.add(payment.id)),
    );
    // the sooner the fewer are through: each round dies at another point of the load
    await Promise.race([Promise.all(pending), untilAcknowledged(acknowledged, (round + 1) * 7)]);
    await app.kill();
    kills++;
    await Promise.all(pending);
    for (const id of acknowledged)
      expect(await see.count(`billing.inbox WHERE event_id = $1 AND status = 'applied'`, [id])).toBe(1);
  }
  expect(acknowledged.has(payments.at(-1)?.id ?? '')).toBe(false);
  await held.release();
  const last = await start();
  for (const payment of payments) expect(await deliver(last, payment)).toBe(true);
  expect(await last.terminate()).toBe(0);

  expect(kills).toBe(4);
  expect(await see.creditDaysOf(anna)).toBeGreaterThan(40 * 45 - 0.01);
  expect(await see.count(`credit.entry WHERE user_id = $1`, [anna.id])).toBe(40);
  expect(await see.count('referral.conversion')).toBe(40);
  expect(await see.discrepancies()).toEqual([]);
});

function start(): Promise<AppProcess> {
  return startProcess({
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MAX: '8',
    ROLE: 'web',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: 'sk_test_of_twofold',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
  });
}

/** Whether the delivery was acknowledged; a connection that breaks was not. */
async function deliver(app: AppProcess, sent: StripeEvent): Promise<boolean> {
  const payload = JSON.stringify(sent);
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': header };
  const answer = await fetch(`${app.url}/webhooks/stripe`, { method: 'POST', body: payload, headers }).catch(
    () => null,
  );
  return answer?.ok ?? false;
}

async function untilAcknowledged(acknowledged: Set<string>, count: number): Promise<void> {
  while (acknowledged.size < count) await new Promise((resume) => setTimeout(resume, 2));
}
