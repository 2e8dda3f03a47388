import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BillingMerge } from '../../src/billing/billing-merge.js';
import { BillingService } from '../../src/billing/billing.service.js';
import { bearer, type Person } from '../support/given.js';
import { event, invoice, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const day = 86_400;
const addOn = 'price_add_on';
const paidPrice = 'price_twofold_monthly';

let world: World;
beforeAll(async () => {
  world = await createWorld({ stripePaidPrices: [paidPrice, 'price_twofold_yearly'] });
});
afterAll(() => world.close());

/** Unix seconds `days` from now; whole days before now are negative. */
const at = (days: number) => world.when.seconds + days * day;
const iso = (seconds: number) => new Date(seconds * 1_000).toISOString();

/** A subscription item with a period; its price is recurring. */
function item(price: string, from: number, until: number): Record<string, unknown> {
  return {
    id: `si_${price}`,
    object: 'subscription_item',
    current_period_start: from,
    current_period_end: until,
    price: { id: price, object: 'price', unit_amount: 1000, recurring: { interval: 'month' } },
  };
}

const itemsOf = (...data: Record<string, unknown>[]) => ({
  items: { object: 'list', has_more: false, data },
});

/**
 * A snapshot of `person`'s subscription that Stripe sent at `sentAt`, whose period began at `from`.
 */
function snapshot(person: Person, sentAt: number, { from = sentAt, ...more }: Record<string, unknown> = {}) {
  return event('customer.subscription.updated', subscription(person.payer, Number(from), more), sentAt);
}

/** A payment of `person` at `paidAt` that covers the time until `until`. */
function payment(person: Person, paidAt: number, until: number) {
  const paid = invoice(person.payer, paidAt) as { lines: { data: { period: object }[] } };
  for (const line of paid.lines.data) line.period = { start: paidAt, end: until };
  return event('invoice.paid', paid, paidAt);
}

const sends = (...events: Parameters<World['when']['stripeSends']>[0][]) =>
  events.reduce<Promise<unknown>>(
    (before, one) => before.then(() => world.when.stripeSends(one)),
    Promise.resolve(),
  );

/** What `person` is now, as their client sees it. */
async function me(person: Person) {
  const answer = await world.app.inject({ url: '/api/v1/me', headers: bearer(person) });
  const { tier, access } = answer.json<{ tier: string; access: { until: string | null } }>();
  return { tier, until: access.until };
}

/**
 * The tier of `person` a moment before, at and a moment after `seconds`; sessions may be over by
 * then.
 */
async function tiersAround(person: Person, seconds: number) {
  const billing = world.app.get(BillingService, { strict: false });
  const tiers = [];
  for (const milliseconds of [-1, 0, 1]) {
    world.clock.set(new Date(seconds * 1_000 + milliseconds));
    tiers.push((await billing.getAccount(person.id)).tier);
  }
  world.clock.set(new Date((seconds + 1) * 1_000));
  return tiers;
}

describe('past due', () => {
  /** A person whose yearly plan was paid 100 days ago. */
  async function yearly() {
    const person = await world.given.user();
    const items = itemsOf(item(paidPrice, at(-100), at(265)));
    await sends(payment(person, at(-100), at(265)), snapshot(person, at(-100), items));
    return { person, items };
  }

  it('a failed seat invoice takes nothing of the period that was paid for', async () => {
    const { person, items } = await yearly();
    await sends(snapshot(person, at(0), { ...items, status: 'past_due' }));
    expect(await me(person)).toEqual({ tier: 'paid', until: iso(at(265)) });
    expect(await tiersAround(person, at(265))).toEqual(['paid', 'free', 'free']);
  });

  it('an overdue invoice that waits for a bank transfer keeps its payer paid for seven days from becoming past due', async () => {
    const person = await world.given.user();
    await sends(payment(person, at(-44), at(-14)), snapshot(person, at(-44)));
    const overdue = {
      status: 'past_due',
      collection_method: 'send_invoice',
      days_until_due: 14,
      from: at(-14),
    };
    await sends(snapshot(person, at(-14), { from: at(-14), collection_method: 'send_invoice' }));
    await sends(snapshot(person, at(0), overdue));
    expect(await me(person)).toEqual({ tier: 'paid', until: iso(at(7)) });
    expect(await tiersAround(person, at(7))).toEqual(['paid', 'free', 'free']);
  });

  it('a trial whose first charge fails is free', async () => {
    const person = await world.given.user();
    await sends(snapshot(person, at(-14), { status: 'trialing', trial_end: at(0) }));
    await sends(snapshot(person, at(0), { status: 'past_due' }));
    expect(await me(person)).toEqual({ tier: 'free', until: null });
  });

  it('repeated events do not restart the seven days', async () => {
    const person = await world.given.user();
    await sends(payment(person, at(-30), at(0)), snapshot(person, at(-30)));
    const due = (sentAt: number, more = {}) =>
      snapshot(person, sentAt, { from: at(0), status: 'past_due', ...more });
    const until = iso(at(7));
    const told = [due(at(0)), due(at(2), { latest_invoice: 'in_2' }), due(at(5), { latest_invoice: 'in_3' })];
    await sends(...told);
    expect((await me(person)).until).toBe(until);
    const other = await world.given.user();
    await sends(payment(other, at(-30), at(0)), snapshot(other, at(-30)));
    for (const one of told.toReversed())
      await sends({
        ...one,
        id: `${one.id}_2`,
        data: {
          object: {
            ...one.data.object,
            id: other.payer.subscription,
            customer: other.payer.customer,
            metadata: { twofold_user_id: other.id },
          },
        },
      });
    expect((await me(other)).until).toBe(until);
  });

  it('a second time past due has its own seven days, in any order of events', async () => {
    const told = (person: Person) => [
      snapshot(person, at(-60)),
      snapshot(person, at(-30), { status: 'past_due' }),
      snapshot(person, at(-28), { from: at(-30), status: 'past_due', latest_invoice: 'in_2' }),
      snapshot(person, at(-27), { from: at(-30) }),
      snapshot(person, at(-1), { from: at(0), status: 'past_due' }),
      snapshot(person, at(0), { from: at(0), status: 'past_due', latest_invoice: 'in_3' }),
    ];
    const until = iso(at(6));
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [5, 1, 3, 0, 2, 4],
      [4, 2, 1, 5, 0, 3],
    ]) {
      const person = await world.given.user();
      await sends(payment(person, at(-60), at(-30)));
      const events = told(person);
      for (const place of order) await sends(...events.slice(place, place + 1));
      expect(await me(person)).toEqual({ tier: 'paid', until });
    }
    expect(await world.see.discrepancies()).toEqual([]);
  });
});

describe('an end that is planned', () => {
  /** A person who pays monthly, with an end planned in so many days. */
  async function endingIn(days: number) {
    const person = await world.given.user();
    await sends(payment(person, at(0), at(30)), snapshot(person, at(0), { cancel_at: at(days) }));
    return person;
  }

  async function erases(person: Person): Promise<number> {
    const { challengeId, code } = await world.given.challenge(person.email);
    const headers = bearer(person);
    const payload = { challengeId, code };
    const answer = await world.app.inject({ method: 'DELETE', url: '/api/v1/me', headers, payload });
    return answer.statusCode;
  }

  const page = async (person: Person) =>
    (await world.app.inject({ url: '/settings', headers: bearer(person) })).body;
  const view = async (person: Person) =>
    (await world.app.inject({ url: '/api/v1/billing/subscription', headers: bearer(person) })).json<object>();
  const isCharged = async (person: Person) =>
    (await world.app.get(BillingMerge, { strict: false }).summarize(world.database, person.id)).isCharged;
  const paysBeyond = async (person: Person, seconds: number) => {
    const billing = world.app.get(BillingService, { strict: false });
    return (await billing.filterPayingBeyond([person.id], new Date(seconds * 1_000))).has(person.id);
  };

  it('an end that is planned far ahead is not a cancellation: it renews until then, and erasing is refused', async () => {
    const person = await endingIn(330);
    expect(await view(person)).toEqual({
      status: 'active',
      priceId: paidPrice,
      currentPeriodEnd: iso(at(30)),
      cancelAtPeriodEnd: false,
    });
    const body = await page(person);
    expect(body).not.toContain('will not be charged again');
    expect(body).toContain('It renews until its end date');
    expect(body).toContain(iso(at(330)));
    expect(await isCharged(person)).toBe(true);
    expect(await erases(person)).toBe(409);
  });

  it.each([
    ['a second before the period', 30 * day - 1, true],
    ['with the period', 30 * day, true],
    ['a second after the period', 30 * day + 1, false],
  ])('%s ends: whether the period is the last one', async (_, seconds, isLast) => {
    const person = await world.given.user();
    await sends(snapshot(person, at(0), { cancel_at: at(0) + seconds }));
    expect(await view(person)).toMatchObject({ cancelAtPeriodEnd: isLast });
    expect((await page(person)).includes('will not be charged again')).toBe(isLast);
    expect(await isCharged(person)).toBe(!isLast);
  });

  it('an end that is planned with the longest of several periods leaves the shorter ones to charge until then', async () => {
    const person = await world.given.user();
    const items = itemsOf(item(paidPrice, at(0), at(30)), item(addOn, at(0), at(365)));
    await sends(snapshot(person, at(0), { ...items, cancel_at: at(365) }));
    expect(await isCharged(person)).toBe(true);
  });

  it('an end that is planned of one subscription does not let its owner erase themselves while another one charges', async () => {
    const person = await world.given.user();
    const other = { ...person.payer, subscription: `${person.payer.subscription}b` };
    await sends(
      snapshot(person, at(0), { ...itemsOf(item(paidPrice, at(0), at(365))), cancel_at_period_end: true }),
      event('customer.subscription.updated', subscription(other, at(0)), at(0)),
    );
    expect(await erases(person)).toBe(409);
  });

  it('an end that is planned is checked when a person learns that their credit ends', async () => {
    const person = await endingIn(330);
    expect(await paysBeyond(person, at(7))).toBe(true);
    expect(await paysBeyond(person, at(330))).toBe(false);
    const late = await world.given.user();
    await sends(payment(late, at(-30), at(0)), snapshot(late, at(0), { status: 'past_due' }));
    expect(await paysBeyond(late, at(6))).toBe(true);
    expect(await paysBeyond(late, at(7))).toBe(false);
  });
});

it('a yearly add-on beside a monthly plan gives no year of access', async () => {
  const person = await world.given.user();
  const items = itemsOf(item(addOn, at(0), at(365)), item(paidPrice, at(0), at(30)));
  await sends(snapshot(person, at(0), items));
  expect(await me(person)).toEqual({ tier: 'paid', until: iso(at(30)) });
});

it('an add-on alone makes no one paid, and what it costs is no first payment', async () => {
  const person = await world.given.userInvitedBy(await world.given.user());
  await sends(snapshot(person, at(0), itemsOf(item(addOn, at(0), at(365)))));
  const paid = invoice(person.payer, at(0)) as { lines: { data: Record<string, unknown>[] } };
  for (const line of paid.lines.data) line.pricing = { price_details: { price: addOn } };
  expect((await world.when.stripeSends(event('invoice.paid', paid, at(0)))).detail).toBe('no_paid_price');
  expect(await me(person)).toEqual({ tier: 'free', until: null });
});

it('of several subscriptions the one that makes paid is shown, whatever the period of the others', async () => {
  const person = await world.given.user();
  const other = { ...person.payer, subscription: `${person.payer.subscription}b` };
  const yearly = itemsOf(item(addOn, at(0), at(365)));
  await sends(
    event('customer.subscription.updated', subscription(other, at(0), yearly), at(0)),
    snapshot(person, at(0)),
  );
  const answer = await world.app.inject({ url: '/api/v1/billing/subscription', headers: bearer(person) });
  expect(answer.json()).toMatchObject({ priceId: paidPrice, currentPeriodEnd: iso(at(30)) });
});

describe('free time that is given at Stripe', () => {
  it.each([
    ['void', 'free'],
    ['mark_uncollectible', 'free'],
    ['keep_as_draft', 'paid'],
  ])(
    'free time that is given at Stripe behind what was paid for, paused collection that says %s leaves its user %s',
    async (behavior, tier) => {
      const person = await world.given.user();
      const paused = { pause_collection: { behavior, resumes_at: null } };
      await sends(payment(person, at(0), at(30)), snapshot(person, at(0), paused));
      expect(await me(person)).toEqual({ tier: 'paid', until: iso(at(30)) });
      expect(await tiersAround(person, at(30))).toEqual(['paid', tier, tier]);
      await sends(snapshot(person, at(1), { from: at(0) }));
      expect(await world.see.tierOf(person)).toBe('paid');
      expect(await world.see.discrepancies()).toEqual([]);
    },
  );

  it('a charge that support moves by the end of a trial leaves what was paid for, and no more', async () => {
    const person = await world.given.user();
    const moved = { status: 'trialing', trial_end: at(60), ...itemsOf(item(paidPrice, at(10), at(60))) };
    await sends(payment(person, at(0), at(30)), snapshot(person, at(0)), snapshot(person, at(10), moved));
    expect(await me(person)).toEqual({ tier: 'paid', until: iso(at(30)) });
    expect(await tiersAround(person, at(30))).toEqual(['paid', 'free', 'free']);
  });
});
