import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReconciliationService } from '../../src/billing/reconciliation/reconciliation.service.js';
import { pageSize } from '../../src/billing/stripe/stripe-objects.js';
import { FakeStripe } from '../support/fake-stripe.js';
import { StripeProxy } from '../support/stripe-proxy.js';
import { createWorld, type World } from '../support/world.js';

/** More refunds whose end is open than one page holds. */
const refunds = 2 * pageSize + 50;
const stripe = new FakeStripe();
const proxy = new StripeProxy();
let world: World;
beforeAll(async () => {
  proxy.target = await stripe.open();
  world = await createWorld({ stripeApiBase: await proxy.start() });
});
afterAll(async () => {
  await world.close();
  await proxy.stop();
  await stripe.close();
});

const asked = () => proxy.requests.flatMap(({ path }) => /^\/v1\/refunds\/(re_\d+)/.exec(path)?.[1] ?? []);
const idOf = (n: number) => `re_${String(n).padStart(5, '0')}`;

it('refunds whose end is open are read a page at a time: one decided meanwhile, further on, is not asked about', async () => {
  await world.sql.query(
    `INSERT INTO billing.reversal (id, kind, payment_intent_id, amount, status, snapshot_at, recorded_at)
     SELECT 're_' || lpad(n::text, 5, '0'), 'refund', 'pi_' || n, 100, 'pending', $2, $2 FROM generate_series(1, $1::int) n`,
    [refunds, world.clock.now()],
  );
  await world.app.get(ReconciliationService, { strict: false }).reconcileObjects();
  expect(asked()).toEqual(Array.from({ length: refunds }, (_, n) => idOf(n + 1)));

  proxy.requests.length = 0;
  proxy.beforeRequest = async () => {
    if (asked().length === 1)
      await world.sql.query(`UPDATE billing.reversal SET status = 'canceled' WHERE id > $1`, [
        idOf(pageSize),
      ]);
  };
  await world.app.get(ReconciliationService, { strict: false }).reconcileObjects();
  expect(asked()).toEqual(Array.from({ length: pageSize }, (_, n) => idOf(n + 1)));
});
