import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { bearer, type Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

describe('a reward that waits for its refund window', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.given.terms({ hold_days: 14, referred_days: 30 });
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();
  const daysOf = async (...people: Person[]) =>
    Promise.all(people.map((person) => world.see.creditDaysOf(person)));

  /** Bert came with Anna's code and has paid. */
  async function paid() {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    const invoiced = invoice(bert.payer, when.seconds);
    const payment = paymentFor(String(invoiced.id));
    expect(await when.stripeSends(event('invoice.paid', invoiced, when.seconds))).toMatchObject({
      detail: 'converted',
    });
    await when.stripeSends(
      event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
    );
    return { anna, bert, invoiced, payment };
  }

  async function invitesOf(person: Person): Promise<Record<string, unknown>> {
    const answer = await world.app.inject({
      method: 'GET',
      url: '/api/v1/referral/invites',
      headers: bearer(person),
    });
    return answer.json<{ items: [Record<string, unknown>] }>().items[0];
  }

  it('a reward that waits for its refund window arrives once, when it is due, however many release it', async () => {
    const { anna, bert } = await paid();
    expect(await daysOf(anna, bert)).toEqual([0, 0]);
    const arrivesAt = new Date(Math.floor(world.clock.now().getTime() / 1000) * 1000 + 14 * dayMs);
    expect(await invitesOf(anna)).toMatchObject({ status: 'held', arrivesAt: arrivesAt.toISOString() });
    world.clock.advance(arrivesAt.getTime() - world.clock.now().getTime() - 1);
    expect(await release()).toBe(0);
    expect(await world.when.pays(bert)).toMatchObject({ detail: 'renewal' });
    expect(await daysOf(anna, bert)).toEqual([0, 0]);
    world.clock.advance(1);
    await Promise.all(Array.from({ length: 8 }, release));
    expect(await daysOf(anna, bert)).toEqual([45, 30]);
    expect(await invitesOf(anna)).toMatchObject({ status: 'converted', daysEarned: 45 });
    expect(await release()).toBe(0);
  });

  it('a reward that waits for its refund window is not released after a refund, and arrives late when the refund fails', async () => {
    const { anna, bert, payment } = await paid();
    const { when } = world;
    const back = refund(payment, when.seconds);
    await when.stripeSends(event('refund.created', back, when.seconds));
    expect(await invitesOf(anna)).toMatchObject({ status: 'reversed', creditedAt: null });
    world.clock.advance(15 * dayMs);
    await release();
    expect(await daysOf(anna, bert)).toEqual([0, 0]);
    await when.stripeSends(event('refund.failed', { ...back, status: 'failed' }, when.seconds));
    expect(await daysOf(anna, bert)).toEqual([45, 30]);
  });

  it('a reward that waits for its refund window is there at once when the payment is reported only after its window has closed', async () => {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const paidAt = when.seconds;
    world.clock.advance(20 * dayMs);
    await when.stripeSends(event('invoice.paid', invoice(bert.payer, paidAt), paidAt));
    expect(await daysOf(anna, bert)).toEqual([45, 30]);
  });

  it('a reward that waits for its refund window is not taken for released by a wrong word of the database: a held row says what it waits for', async () => {
    await expect(
      world.sql.query(`UPDATE referral.reward_status SET state = 'held' WHERE state = 'granted'`),
    ).rejects.toThrow('reward_status_held_has_holds');
  });
});

describe('a first payment under terms that ask for more', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  /** A person invited under the terms of now, who pays so much, one payment a day. */
  async function pays(...payments: Record<string, unknown>[]) {
    const { given, when } = world;
    const bert = await given.userInvitedBy(await given.user());
    const details: unknown[] = [];
    for (const more of payments) {
      const sent = invoice(bert.payer, when.seconds, more);
      details.push((await when.stripeSends(event('invoice.paid', sent, when.seconds))).detail);
      world.clock.advance(dayMs);
    }
    return { details, days: Math.round((await world.see.creditDaysOf(bert)) + payments.length) };
  }

  it('a first payment under terms that ask for more counts the first that reaches the minimum of its currency, and no renewal after it', async () => {
    await world.given.terms({ minimum_amounts: JSON.stringify({ usd: 500, eur: 450 }) });
    const tooLittle = { amount_paid: 499 };
    expect((await pays(tooLittle, { amount_paid: 1000, currency: 'chf' })).details).toEqual([
      'first_payment',
      'renewal',
    ]);
    expect((await pays(tooLittle, { amount_paid: 500 }, { amount_paid: 500 })).details).toEqual([
      'first_payment',
      'converted',
      'renewal',
    ]);
    expect((await pays({ amount_paid: 450, currency: 'eur' })).details).toEqual(['converted']);
  });

  it('a first payment under terms that ask for more counts only the prices that qualify', async () => {
    await world.given.terms({ qualifying_prices: ['price_yearly'] });
    expect((await pays({})).details).toEqual(['first_payment']);
    expect(await world.see.count(`billing.account WHERE recheck_each_payment`)).toBeGreaterThan(0);
  });
});
