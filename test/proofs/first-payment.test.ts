import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkoutSession,
  event,
  invoice,
  monthSeconds,
  stripeId,
  subscription,
} from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Twice, at once, in the wrong order: the first payment of a person invited, on a real database.
 */
describe('a first payment', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  async function invited() {
    const anna = await world.given.user();
    const bert = await world.given.userInvitedBy(anna);
    await world.given.linkCustomer(bert);
    return { anna, bert };
  }

  it('a first payment delivered 50 times at once credits 45 days each and writes one audit row', async () => {
    const { see, when } = world;
    const { anna, bert } = await invited();
    const payment = when.invoicePaid(bert);
    const answers = await when.stripeSendsAtOnce(Array(50).fill(payment));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(answers.filter((answer) => answer.outcome === 'applied')).toHaveLength(1);
    expect(answers.filter((answer) => answer.outcome === 'duplicate')).toHaveLength(49);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
    expect(
      await see.count(`platform.audit WHERE subject_id = $1 AND action = 'referral.converted'`, [bert.id]),
    ).toBe(1);
    expect(
      await see.count(`platform.audit WHERE subject_id = $1 AND action = 'billing.tier_changed'`, [bert.id]),
    ).toBe(1);
  });

  it('a first payment reported under 32 event ids at once credits 45 days each', async () => {
    const { see, when } = world;
    const { anna, bert } = await invited();
    const paid = invoice(bert.payer, when.seconds);
    const told = Array.from({ length: 32 }, (_, n) =>
      event(n % 2 ? 'invoice.paid' : 'invoice.payment_succeeded', paid, when.seconds),
    );
    const answers = await when.stripeSendsAtOnce(told);
    expect(answers.map((answer) => answer.detail).sort()).toEqual([
      ...Array(31).fill('already'),
      'converted',
    ]);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
  });

  it('a first payment of 50 friends at once credits their referrer 2,250 days', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    const friends = await Promise.all(Array.from({ length: 50 }, () => given.user({ ref: code })));
    for (const friend of friends) await given.linkCustomer(friend);
    const answers = await when.stripeSendsAtOnce(friends.map((friend) => when.invoicePaid(friend)));
    expect(answers.every((answer) => answer.status === 200 && answer.detail === 'converted')).toBe(true);
    expect(await see.creditDaysOf(anna)).toBe(2_250);
    for (const friend of friends) expect(await see.creditDaysOf(friend)).toBe(45);
  });

  it('a first payment of two people who invited each other’s friends at once never ends in a deadlock', async () => {
    const { given, see, when } = world;
    const chain = [await given.user()];
    for (let n = 0; n < 12; n++) {
      const next = await given.userInvitedBy(chain[n] as (typeof chain)[number]);
      await given.linkCustomer(next);
      chain.push(next);
    }
    const answers = await when.stripeSendsAtOnce(
      chain.slice(1).flatMap((person) => [when.invoicePaid(person), when.invoicePaid(person)]),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await Promise.all(chain.map((person) => see.creditDaysOf(person)))).toEqual([
      45,
      ...Array(11).fill(90),
      45,
    ]);
  });

  it('a first payment ends the same in every order of its four events', async () => {
    const { given, see, when } = world;
    const at = when.seconds;
    const orders = permutations([0, 1, 2, 3]);
    const ends = new Set<string>();
    for (const order of orders) {
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      const session = stripeId('cs');
      await world.sql.query(
        `INSERT INTO billing.checkout_session
         (id, user_id, customer_id, price_id, url, created_at, expires_at, request_digest)
         VALUES ($1, $2, $3, 'price_twofold_monthly', 'http://x', $4, $4, '')`,
        [session, bert.id, bert.payer.customer, world.clock.now()],
      );
      const unmarked = { ...bert.payer, userId: null };
      const events = [
        event('checkout.session.completed', checkoutSession(session, unmarked, at), at),
        event('customer.subscription.created', subscription(unmarked, at, { status: 'incomplete' }), at),
        event('customer.subscription.updated', subscription(unmarked, at), at + 2),
        event('invoice.paid', invoice(unmarked, at + 1), at + 1),
      ];
      for (const n of order)
        expect((await when.stripeSends(events[n] as (typeof events)[number])).status).toBe(200);
      await world.runHandlers();
      const { rows } = await world.sql.query(
        `SELECT status, current_period_end, paid_until, ended_at FROM billing.subscription WHERE user_id = $1`,
        [bert.id],
      );
      ends.add(
        JSON.stringify([
          await see.creditDaysOf(anna),
          await see.creditDaysOf(bert),
          await see.tierOf(bert),
          rows,
        ]),
      );
    }
    expect(orders).toHaveLength(24);
    expect([...ends]).toEqual([expect.stringContaining('[45,45,"paid",[{"status":"active"')]);
  });

  it('a first payment waits for its customer to be known, then credits', async () => {
    const { given, see, sql, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const payment = event(
      'invoice.paid',
      invoice({ ...bert.payer, userId: null }, when.seconds),
      when.seconds,
    );
    expect(await when.stripeSends(payment)).toMatchObject({ status: 200, outcome: 'parked' });
    expect(await when.stripeSends(payment)).toMatchObject({ status: 200, outcome: 'parked' });
    const update = event(
      'customer.subscription.updated',
      subscription(bert.payer, when.seconds),
      when.seconds,
    );
    expect(await when.stripeSends(update)).toMatchObject({ outcome: 'applied', detail: 'written' });
    await world.runHandlers();
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
    const { rows } = await sql.query(`SELECT status FROM billing.inbox WHERE event_id = $1`, [payment.id]);
    expect(rows).toEqual([{ status: 'applied' }]);
  });

  it('a first payment and the mapping it waits for, both at once, never miss each other', async () => {
    const { given, see, when } = world;
    for (let round = 0; round < 15; round++) {
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      const payment = event(
        'invoice.paid',
        invoice({ ...bert.payer, userId: null }, when.seconds),
        when.seconds,
      );
      const mapping = event(
        'customer.subscription.created',
        subscription(bert.payer, when.seconds),
        when.seconds,
      );
      const answers = await when.stripeSendsAtOnce([payment, mapping]);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
      await world.runHandlers();
      expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
    }
  });

  it('a first payment is none while nothing was paid: trials, full discounts, other invoices', async () => {
    const { see, when } = world;
    const { anna, bert } = await invited();
    const at = when.seconds;
    const unpaid: [string, Record<string, unknown>][] = [
      ['nothing_paid_through_stripe', { amount_paid: 0 }],
      ['nothing_paid_through_stripe', { amount_paid: 1000, amount_paid_off_stripe: 1000 }],
      ['not_paid', { status: 'open' }],
      ['no_subscription', { parent: null }],
      ['no_paid_price', { lines: { object: 'list', data: [] } }],
    ];
    for (const [detail, more] of unpaid)
      expect(await when.stripeSends(event('invoice.paid', invoice(bert.payer, at, more), at))).toEqual({
        status: 200,
        outcome: 'ignored',
        detail,
      });
    expect(
      await when.stripeSends(event('invoice.paid', invoice(bert.payer, at), at, { livemode: true })),
    ).toMatchObject({ outcome: 'ignored' });
    expect(
      await when.stripeSends(event('invoice.paid', invoice(bert.payer, at), at, { account: 'acct_other' })),
    ).toMatchObject({ outcome: 'ignored' });
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert), await see.tierOf(bert)]).toEqual([
      0,
      0,
      'free',
    ]);
    expect((await when.pays(bert)).detail).toBe('converted');
  });
});

describe('a subscription', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('a subscription that ended is not revived by an older event, nor by a payment reported late', async () => {
    const { given, see, when } = world;
    const bert = await given.user();
    await given.linkCustomer(bert);
    const at = when.seconds;
    await when.pays(bert);
    await when.stripeSends(
      event(
        'customer.subscription.deleted',
        subscription(bert.payer, at, { status: 'canceled', ended_at: at + 60 }),
        at + 60,
      ),
    );
    expect(await see.tierOf(bert)).toBe('free');
    expect(
      (await when.stripeSends(event('customer.subscription.updated', subscription(bert.payer, at), at + 90)))
        .detail,
    ).toBe('already');
    await when.stripeSends(event('invoice.paid', invoice(bert.payer, at + 30), at + 95));
    expect(await see.tierOf(bert)).toBe('free');
  });

  it('a subscription takes no older snapshot', async () => {
    const { given, see, when } = world;
    const bert = await given.user();
    await given.linkCustomer(bert);
    const at = when.seconds;
    await when.stripeSends(
      event('customer.subscription.updated', subscription(bert.payer, at, { status: 'unpaid' }), at + 10),
    );
    expect(
      (await when.stripeSends(event('customer.subscription.updated', subscription(bert.payer, at), at + 5)))
        .detail,
    ).toBe('stale');
    expect(await see.tierOf(bert)).toBe('free');
  });

  it('a subscription of two customers of one user, deleted at once, leaves the user free', async () => {
    const { given, see, sql, when } = world;
    for (let round = 0; round < 10; round++) {
      const bert = await given.user();
      const at = when.seconds;
      const payers = [0, 1].map(() => ({
        customer: stripeId('cus'),
        subscription: stripeId('sub'),
        userId: bert.id,
      }));
      for (const payer of payers)
        await when.stripeSends(event('customer.subscription.created', subscription(payer, at), at));
      expect(await see.tierOf(bert)).toBe('paid');
      await when.stripeSendsAtOnce(
        payers.map((payer) =>
          event(
            'customer.subscription.deleted',
            subscription(payer, at, { status: 'canceled', ended_at: at + 1 }),
            at + 1,
          ),
        ),
      );
      expect(await see.tierOf(bert)).toBe('free');
      expect((await sql.query(`SELECT 1 FROM billing.customer WHERE user_id = $1`, [bert.id])).rowCount).toBe(
        2,
      );
    }
  });

  it('a subscription that only a payment has reported of pays until its period ends, and not a second longer', async () => {
    const { app, clock, given, when } = world;
    const bert = await given.user();
    await given.linkCustomer(bert);
    await when.pays(bert);
    const me = async () =>
      (await app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${bert.token}` } })).json<{
        tier: string;
      }>().tier;
    clock.advance((monthSeconds - 1) * 1000);
    expect(await me()).toBe('paid');
    clock.advance(1_000);
    expect(await me()).toBe('free');
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, n) =>
    permutations([...items.slice(0, n), ...items.slice(n + 1)]).map((rest) => [item, ...rest]),
  );
}

/** What cannot happen, since a new payment is of no other user: it is refused as a whole. */
it('a payment that has converted another referral grants nothing, and is not stored', async () => {
  const world = await createWorld();
  const anna = await world.given.user();
  const [bert, cora] = [await world.given.userInvitedBy(anna), await world.given.userInvitedBy(anna)];
  await world.given.linkCustomer(bert);
  const paid = invoice(bert.payer, world.when.seconds);
  await world.sql.query(
    `INSERT INTO referral.conversion (id, referral_id, referred_id, invoice_id, converted_at)
     SELECT gen_random_uuid(), id, referred_id, $2, now() FROM referral.referral WHERE referred_id = $1`,
    [cora.id, paid.id],
  );
  const { status } = await world.when.stripeSends(event('invoice.paid', paid, world.when.seconds));
  expect(status).toBe(500);
  expect(await world.see.count(`credit.entry`)).toBe(0);
  expect(await world.see.count(`billing.invoice`)).toBe(0);
  await world.close();
});
