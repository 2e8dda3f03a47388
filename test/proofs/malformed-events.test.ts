import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReplay, ParkedEventRetries } from '../../src/billing/webhooks/event-retries.js';
import { event, invoice, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** Signed, but not as we know it: never our failure, never a guess, and nothing lost. */
describe('an event', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ baseUrl: 'http://localhost:3000' });
  });
  afterAll(() => world.close());

  /**
   * These say nothing that is of use; all others wait until Stripe was asked for their object
   * again.
   */
  const readable = new Set([
    'an invoice without lines',
    'an invoice of an unknown subscription',
    'a set-up fee beside a free trial',
    'an object that is empty',
    'a subscription that is empty',
    'a session that is empty',
    'a refund that is empty',
    'an unknown type',
  ]);
  const payer = { customer: 'cus_x', subscription: 'sub_x', userId: null };
  it.each<[string, string, Record<string, unknown>]>([
    [
      'an invoice from before parent',
      'invoice.paid',
      { ...invoice(payer, 1), parent: undefined, subscription: 'sub_x' },
    ],
    ['an invoice without lines', 'invoice.paid', invoice(payer, 1, { lines: null })],
    [
      'an invoice of an unknown subscription',
      'invoice.paid',
      invoice(payer, 1, {
        parent: { type: 'subscription_details', subscription_details: { subscription: null } },
      }),
    ],
    ['an amount that is no whole number', 'invoice.paid', invoice(payer, 1, { amount_paid: 10.5 })],
    ['an invoice without currency', 'invoice.paid', invoice(payer, 1, { currency: null })],
    [
      'a line without period',
      'invoice.paid',
      invoice(payer, 1, {
        lines: {
          data: [
            {
              amount: 1000,
              parent: { type: 'subscription_item_details' },
              pricing: { price_details: { price: 'p' } },
            },
          ],
        },
      }),
    ],
    [
      'a set-up fee beside a free trial',
      'invoice.paid',
      invoice(payer, 1, {
        lines: {
          data: [
            {
              amount: 1000,
              period: { end: 5 },
              parent: { type: 'invoice_item_details' },
              pricing: { price_details: { price: 'p' } },
            },
          ],
        },
      }),
    ],
    [
      'a subscription without items',
      'customer.subscription.updated',
      { ...subscription(payer, 1), items: null },
    ],
    [
      'a subscription without prices',
      'customer.subscription.updated',
      { ...subscription(payer, 1), items: { data: [{ price: null }] } },
    ],
    [
      'a subscription of an old shape',
      'customer.subscription.updated',
      { ...subscription(payer, 1), items: { data: [] }, current_period_end: 5 },
    ],
    [
      'a subscription without status',
      'customer.subscription.updated',
      subscription(payer, 1, { status: null }),
    ],
    ['an object that is empty', 'invoice.paid', {}],
    ['a subscription that is empty', 'customer.subscription.deleted', {}],
    ['a session that is empty', 'checkout.session.completed', {}],
    ['a refund that is empty', 'refund.created', {}],
    [
      'a refund without amount',
      'refund.created',
      { id: 're_x', payment_intent: 'pi_x', status: 'succeeded' },
    ],
    ['a refund of nothing', 'refund.created', { id: 're_y', amount: 5, status: 'succeeded', created: 1 }],
    [
      'a dispute without status',
      'charge.dispute.created',
      { id: 'du_x', amount: 5, charge: 'ch_x', created: 1 },
    ],
    ['a credit note without invoice', 'credit_note.created', { id: 'cn_x', status: 'issued', created: 1 }],
    ['an invoice payment without payment', 'invoice_payment.paid', { id: 'inpay_x', invoice: 'in_x' }],
    ['a charge without amounts', 'charge.refunded', { id: 'ch_x' }],
    ['an unknown type', 'somehow.somewhere', { id: 'x' }],
  ])('an event with %s is answered 200, and neither guessed at nor lost', async (what, type, object) => {
    const outcome = readable.has(what) ? 'ignored' : 'parked';
    expect(await world.when.stripeSends(event(type, object, world.when.seconds))).toMatchObject({
      status: 200,
      outcome,
    });
  });

  it('an event without ended_at is not taken for ended, nor for cancelled', async () => {
    const { given, see, when, sql } = world;
    const bert = await given.user();
    const { ended_at: _, cancel_at: __, ...sparse } = subscription(bert.payer, when.seconds);
    await when.stripeSends(event('customer.subscription.updated', sparse, when.seconds));
    expect(await see.tierOf(bert)).toBe('paid');
    const { rows } = await sql.query(
      `SELECT cancel_at_period_end, ended_at FROM billing.subscription WHERE user_id = $1`,
      [bert.id],
    );
    expect(rows).toEqual([{ cancel_at_period_end: false, ended_at: null }]);
  });

  it('an event that could not be read in one shape counts when it comes in another', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    const good = when.invoicePaid(bert);
    const old = { ...good, data: { object: { ...good.data.object, parent: undefined } } };
    expect(await when.stripeSends(old)).toMatchObject({ outcome: 'parked', detail: 'unknown_shape' });
    expect(await when.stripeSends(good)).toMatchObject({ outcome: 'applied', detail: 'converted' });
    const changed = { ...good, data: { object: { ...good.data.object, amount_paid: 5 } } };
    expect(await when.stripeSends(changed)).toMatchObject({
      status: 200,
      outcome: 'duplicate',
      detail: 'content_changed',
    });
    expect(await see.creditDaysOf(anna)).toBe(45);
  });

  it('an event that fails again and again does not keep the others waiting, and is dead after ten failures', async () => {
    const { app, clock, given, see, sql, when } = world;
    const [poisoned, fine] = [await given.user(), await given.user()];
    const parked = [poisoned, fine].map((person) =>
      event('invoice.paid', invoice({ ...person.payer, userId: null }, when.seconds), when.seconds),
    );
    for (const one of parked) expect((await when.stripeSends(one)).outcome).toBe('parked');
    await sql.query(
      `CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.user_id = '${poisoned.id}' THEN RAISE 'this one fails'; END IF; RETURN NEW; END $$`,
    );
    await sql.query(
      `CREATE TRIGGER refuses_one BEFORE INSERT ON billing.invoice FOR EACH ROW EXECUTE FUNCTION refuse_one()`,
    );
    for (const person of [poisoned, fine]) await given.linkCustomer(person);
    clock.advance(60 * 60_000);
    await app.get(ParkedEventRetries, { strict: false }).retryDue(100);
    expect(await see.tierOf(fine)).toBe('paid');
    for (let n = 2; n <= 9; n++)
      expect((await when.stripeSends(parked[0] as (typeof parked)[number])).status).toBe(500);
    expect(await when.stripeSends(parked[0] as (typeof parked)[number])).toMatchObject({
      status: 200,
      outcome: 'dead',
    });
    expect(await when.stripeSends(parked[0] as (typeof parked)[number])).toMatchObject({
      status: 200,
      outcome: 'dead',
    });
    const { payload } = await app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(payload).toContain('twofold_alerts_total{name="billing.event_dead"} 1');
    await sql.query(`DROP TRIGGER refuses_one ON billing.invoice`);
    // its payment is sent together with its claim, and must not be stored
    expect((await when.stripeSends(parked[0] as (typeof parked)[number])).outcome).toBe('dead');
    expect(await see.count(`billing.invoice WHERE user_id = '${poisoned.id}'`)).toBe(0);
    const replay = app.get(EventReplay, { strict: false });
    expect(await replay.replay(String(parked[0]?.id), { kind: 'operator' })).toMatchObject({
      outcome: 'applied',
    });
    expect(await see.tierOf(poisoned)).toBe('paid');
  });
});

describe('an erased account', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ baseUrl: 'http://localhost:3000' });
  });
  afterAll(() => world.close());

  const erase = async (person: Awaited<ReturnType<World['given']['user']>>) => {
    const answer = await world.app.inject({
      method: 'DELETE',
      url: '/api/v1/me',
      headers: { authorization: `Bearer ${person.token}` },
      payload: await world.given.challenge(person.email),
    });
    expect(answer.statusCode).toBe(204);
  };

  it('an erased account of a referrer is credited nothing any more; the buyer is', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await erase(anna);
    expect(await when.pays(bert)).toMatchObject({ detail: 'converted' });
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([0, 45]);
  });

  it('an erased account whose open checkout is paid afterwards is not rewarded twice under the same address', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await erase(bert);
    await when.pays(bert);
    const again = await given.user({ email: bert.email, ref: await given.referralCodeOf(anna) });
    await given.linkCustomer(again);
    expect((await when.pays(again)).detail).toBe('first_payment');
    expect(await see.creditDaysOf(anna)).toBe(45);
  });
});

it('a paused programme makes no new referral and keeps what was promised before', async () => {
  const world = await createWorld();
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(bert);
  world.config.programme = 'paused';
  const carl = await world.given.userInvitedBy(anna);
  await world.given.linkCustomer(carl);
  expect((await world.when.pays(carl)).detail).toBe('first_payment');
  expect((await world.when.pays(bert)).detail).toBe('converted');
  expect(await world.see.creditDaysOf(anna)).toBe(45);
  await world.close();
});
