import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { FakeStripe } from '../support/fake-stripe.js';
import type { Person } from '../support/given.js';
import { dispute, invoicePayment, paymentFor, refund, refundedCharge } from '../support/payment-payloads.js';
import { legacyInvoice } from '../support/legacy-payloads.js';
import { event, invoice, type StripeEvent } from '../support/stripe-payloads.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

/**
 * What needs Stripe's word is asked by a job of the same transaction. Here the scheduled retry of
 * parked events never runs.
 */
let world: World;
let stripe: FakeStripe;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  stripe = new FakeStripe();
  world = await createWorld({ stripeApiBase: await stripe.open() });
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
  await stripe.close();
});
beforeEach(async () => {
  anna = await world.given.user();
  bert = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(bert);
});

/**
 * A person's first payment and its full refund, as Stripe has both, and never shows which payment
 * paid the invoice.
 */
function refunded() {
  const at = world.when.seconds;
  const paid = invoice(bert.payer, at);
  const of = paymentFor(String(paid.id));
  const back = refund(of, at);
  stripe.put(paid, invoicePayment(of, at), back);
  return {
    of,
    paid: event('invoice.paid', paid, at),
    back: event('refund.created', back, at),
    charge: event('charge.refunded', refundedCharge(of, at), at),
  };
}

async function deliver(...events: StripeEvent[]): Promise<(string | undefined)[]> {
  const details: (string | undefined)[] = [];
  for (const one of events) details.push((await world.when.stripeSends(one)).detail);
  await world.runHandlers();
  return details;
}

const days = async () => [await world.see.creditDaysOf(anna), await world.see.creditDaysOf(bert)];
const waiting = () => world.see.count(`billing.inbox WHERE status = 'parked'`);

describe('lookups at Stripe after the commit', () => {
  it('Stripe is asked which invoice a refunded payment paid, so that a later payment event never shows its credit', async () => {
    const { paid, back } = refunded();
    expect(await deliver(back)).toEqual(['unknown_payment']);
    expect(await waiting()).toBe(0);
    expect(await deliver(paid)).toEqual(['converted']);
    expect(await days()).toEqual([0, 0]);
    expect(await world.see.count(`credit.entry WHERE user_id = $1`, [bert.id])).toBe(0);
  });

  it('Stripe is asked the same for an earlier payment event, so that its credit is reversed with the refund', async () => {
    const { paid, back } = refunded();
    await deliver(paid);
    expect(await days()).toEqual([45, 45]);
    expect(await deliver(back)).toEqual(['unknown_payment']);
    expect([await days(), await waiting()]).toEqual([[0, 0], 0]);
  });

  it('Stripe is asked for the refunds of a charge that only shows the refunded amount', async () => {
    const { paid, charge } = refunded();
    expect(await deliver(paid, charge)).toEqual(['converted', 'missing_refunds']);
    expect([await days(), await waiting()]).toEqual([[0, 0], 0]);
  });

  it('Stripe is asked for an invoice in the shape of 2020-03-02, which then converts', async () => {
    const { paid } = refunded();
    const alone = invoice(bert.payer, world.when.seconds);
    stripe.put(alone);
    expect(await deliver({ ...paid, data: { object: legacyInvoice(alone) } })).toEqual(['unknown_shape']);
    expect([await days(), await waiting()]).toEqual([[45, 45], 0]);
  });

  it('Stripe is asked for an invoice in that shape whose customer becomes known later', async () => {
    await world.sql.query(`DELETE FROM billing.customer WHERE id = $1`, [bert.payer.customer]);
    const unnamed = { ...bert.payer, userId: null };
    const paid = invoice(unnamed, world.when.seconds);
    stripe.put(paid);
    expect(await deliver(event('invoice.paid', legacyInvoice(paid), world.when.seconds))).toEqual([
      'unknown_shape',
    ]);
    expect(await waiting()).toBe(1);
    // maps the customer
    await deliver(world.when.invoicePaid(bert, { id: 'in_of_another_month_of_bert' }));
    expect([await world.see.count(`billing.invoice WHERE id = $1`, [paid.id]), await waiting()]).toEqual([
      1, 0,
    ]);
  });

  it('Stripe is asked which of two dispute events of one second holds', async () => {
    const { paid, of } = refunded();
    const at = world.when.seconds;
    const open = dispute(of, at);
    stripe.put({ ...open, status: 'won' });
    await deliver(paid, event('invoice_payment.paid', invoicePayment(of, at), at));
    await deliver(
      event('charge.dispute.updated', { ...open, status: 'under_review' }, at),
      event('charge.dispute.updated', open, at),
    );
    const { rows } = await world.sql.query(`SELECT status FROM billing.reversal WHERE id = $1`, [open.id]);
    expect(rows).toEqual([{ status: 'won' }]);
  });

  it('Stripe is asked once for an event, however long it stays parked', async () => {
    const { charge } = refunded();
    const more = { ...charge.data.object, amount_refunded: 5000, id: 'ch_refunded_more_than_listed' };
    stripe.requests.length = 0;
    expect(await deliver({ ...charge, data: { object: more } })).toEqual(['missing_refunds']);
    const asked = stripe.requests.filter((url) => url.startsWith('/v1/refunds'));
    expect([asked.length, await waiting()]).toEqual([1, 1]);
    await world.sql.query(
      `UPDATE billing.inbox SET status = 'ignored', waiting_key = NULL, payload = NULL WHERE status = 'parked'`,
    );
  });
});

it('with a worker both are right within five seconds of the commit', async () => {
  const carl = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(carl);
  await world.runHandlers();
  await world.app.get(EventHandlerWorker, { strict: false }).start();
  const { paid, back } = refunded();
  await world.when.stripeSends(paid);
  expect(await days()).toEqual([45, 45]);
  const began = performance.now();
  await world.when.stripeSends(back);
  await until(async () => (await days()).every((left) => left === 0));
  expect(performance.now() - began).toBeLessThan(5_000);

  const old = invoice(carl.payer, world.when.seconds);
  stripe.put(old);
  const begins = performance.now();
  await world.when.stripeSends(event('invoice.paid', legacyInvoice(old), world.when.seconds));
  await until(async () => (await world.see.creditDaysOf(carl)) === 45);
  expect(performance.now() - begins).toBeLessThan(5_000);
});
