import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReconciliationService } from '../../src/billing/reconciliation/reconciliation.service.js';
import { FakeStripe } from '../support/fake-stripe.js';
import type { Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice, priceMonthly, stripeId, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Stripe sends ten entries of a list with an object, and a hundred on a page. The entry that
 * matters is always the last one.
 */
let world: World;
let stripe: FakeStripe;
beforeAll(async () => {
  stripe = new FakeStripe();
  world = await createWorld({ stripeApiBase: await stripe.open(), stripePaidPrices: [priceMonthly] });
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
  await stripe.close();
});

async function invited(): Promise<{ anna: Person; bert: Person }> {
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(bert);
  return { anna, bert };
}

const days = async ({ anna, bert }: { anna: Person; bert: Person }) => [
  await world.see.creditDaysOf(anna),
  await world.see.creditDaysOf(bert),
];

interface Listed {
  data: Record<string, unknown>[];
}

/** An invoice with so many one-off lines before the line of the subscription. */
function longInvoice(bert: Person, extras: number, more: Record<string, unknown> = {}) {
  const paid = invoice(bert.payer, world.when.seconds, { amount_paid: 2200, ...more });
  const [own] = (paid.lines as Listed).data;
  const lines = Array.from({ length: extras }, () => ({
    ...own,
    id: stripeId('il'),
    amount: 120,
    parent: { type: 'invoice_item_details', subscription_item_details: null },
    pricing: { type: 'price_details', price_details: { price: 'price_oneTime', product: 'prod_extra' } },
  }));
  return { ...paid, lines: { object: 'list', has_more: false, data: [...lines, own] } };
}

/** A subscription with so many add-ons before the item that makes a user paid. */
function longSubscription(bert: Person, addOns: number) {
  const own = subscription(bert.payer, world.when.seconds);
  const [item] = (own.items as Listed).data;
  const items = Array.from({ length: addOns }, () => ({
    ...item,
    id: stripeId('si'),
    price: { id: 'price_addOn', object: 'price', recurring: { interval: 'month' } },
  }));
  return { ...own, items: { object: 'list', has_more: false, data: [...items, item] } };
}

describe('a list that Stripe cut', () => {
  it.each([10, 120])(
    'a list that Stripe cut of an invoice with %i extras is fetched to its end before anything follows from it',
    async (extras) => {
      const pair = await invited();
      const paid = longInvoice(pair.bert, extras);
      stripe.put(paid);
      const told = event('invoice.paid', stripe.withTruncatedLists(paid), world.when.seconds);
      expect(await world.when.stripeSends(told)).toMatchObject({
        outcome: 'parked',
        detail: 'truncated_list',
      });
      expect(await days(pair)).toEqual([0, 0]);
      await world.runHandlers();
      expect(await days(pair)).toEqual([45, 45]);
      expect(
        await world.see.count(`billing.inbox WHERE event_id = $1 AND status = 'applied'`, [told.id]),
      ).toBe(1);

      const of = paymentFor(String((paid as Record<string, unknown>).id));
      stripe.put(invoicePayment(of, world.when.seconds));
      await world.when.stripeSends(
        event('refund.created', refund(of, world.when.seconds, { amount: 2200 }), world.when.seconds),
      );
      await world.runHandlers();
      expect(await days(pair)).toEqual([0, 0]);
    },
  );

  it('a list that Stripe cut of an invoice is fetched by the comparison with Stripe, too', async () => {
    const pair = await invited();
    await world.sql.query(`UPDATE billing.customer SET used_for_checkout = false WHERE id = $1`, [
      pair.bert.payer.customer,
    ]);
    stripe.put(longInvoice(pair.bert, 10));
    await world.app.get(ReconciliationService, { strict: false }).reconcileObjects();
    await world.runHandlers();
    expect(await days(pair)).toEqual([45, 45]);
  });

  it('a list that Stripe cut of an invoice that is no one’s payment anyway is not asked for', async () => {
    const { bert } = await invited();
    const free = longInvoice(bert, 10, { amount_paid: 0 });
    const told = event('invoice.paid', stripe.withTruncatedLists(free), world.when.seconds);
    expect(await world.when.stripeSends(told)).toMatchObject({
      outcome: 'ignored',
      detail: 'nothing_paid_through_stripe',
    });
  });

  it('a list that Stripe cut of a subscription is fetched to its end before the tier follows from it', async () => {
    const { bert } = await invited();
    const own = longSubscription(bert, 10);
    stripe.put(own);
    const told = event('customer.subscription.updated', stripe.withTruncatedLists(own), world.when.seconds);
    expect(await world.when.stripeSends(told)).toMatchObject({ outcome: 'parked', detail: 'truncated_list' });
    await world.runHandlers();
    expect(await world.see.tierOf(bert)).toBe('paid');
    const { rows } = await world.sql.query(
      `SELECT status, price_id, grants_paid_tier FROM billing.subscription WHERE user_id = $1`,
      [bert.id],
    );
    expect(rows).toEqual([{ status: 'active', price_id: priceMonthly, grants_paid_tier: true }]);
  });

  it('a list that Stripe cut of a subscription is fetched where two snapshots of one second differ, and where the comparison meets it', async () => {
    const { bert } = await invited();
    const own = longSubscription(bert, 10);
    const at = world.when.seconds;
    stripe.put(own);
    const short = { ...own, items: { object: 'list', has_more: false, data: own.items.data.slice(-1) } };
    await world.when.stripeSends(event('customer.subscription.updated', short, at));
    await world.when.stripeSends(event('customer.subscription.updated', { ...short, status: 'paused' }, at));
    await world.runHandlers();
    expect(await world.see.tierOf(bert)).toBe('paid');
    await world.sql.query(
      `UPDATE billing.subscription SET grants_paid_tier = false, price_id = 'price_addOn' WHERE user_id = $1`,
      [bert.id],
    );
    await world.app.get(ReconciliationService, { strict: false }).reconcileObjects();
    await world.runHandlers();
    expect(await world.see.tierOf(bert)).toBe('paid');
  });

  it('a list that Stripe cut waits while Stripe does not answer, and is applied by a later look', async () => {
    const pair = await invited();
    const paid = longInvoice(pair.bert, 10);
    stripe.put(paid);
    stripe.isDown = true;
    const told = event('invoice.paid', stripe.withTruncatedLists(paid), world.when.seconds);
    await world.when.stripeSends(told);
    await world.runHandlers();
    expect(await days(pair)).toEqual([0, 0]);
    stripe.isDown = false;
    await world.when.stripeSends(told);
    await world.runHandlers();
    expect(await days(pair)).toEqual([45, 45]);
  });
});

describe('a list that comes in pages', () => {
  it('a list that comes in pages of refunds is read to its end: many small ones reverse as one big one does', async () => {
    const pair = await invited();
    const paid = invoice(pair.bert.payer, world.when.seconds);
    const of = paymentFor(String(paid.id));
    const parts = Array.from({ length: 250 }, () => refund(of, world.when.seconds, { amount: 4 }));
    stripe.put(paid, invoicePayment(of, world.when.seconds), ...parts);
    await world.when.stripeSends(event('invoice.paid', paid, world.when.seconds));
    expect(await days(pair)).toEqual([45, 45]);
    const [first = {}] = parts;
    await world.when.stripeSends(event('refund.created', first, world.when.seconds));
    await world.runHandlers();
    expect(await days(pair)).toEqual([0, 0]);
  });

  it('a list that comes in pages of payments is read to its end: the oldest of three hundred invoices is the first payment', async () => {
    const pair = await invited();
    await world.sql.query(`UPDATE billing.customer SET used_for_checkout = false WHERE id = $1`, [
      pair.bert.payer.customer,
    ]);
    world.clock.advance(30_000_000);
    const now = world.when.seconds;
    const invoices = Array.from({ length: 300 }, (_, n) => invoice(pair.bert.payer, now - (300 - n) * 60));
    stripe.put(...invoices);
    await world.app.get(ReconciliationService, { strict: false }).reconcileObjects();
    await world.runHandlers();
    const { rows } = await world.sql.query(
      `SELECT invoice_id FROM referral.conversion WHERE referred_id = $1`,
      [pair.bert.id],
    );
    expect(rows).toEqual([{ invoice_id: invoices[0]?.id }]);
    expect(await world.see.count(`billing.invoice WHERE user_id = $1`, [pair.bert.id])).toBe(300);
  });
});
