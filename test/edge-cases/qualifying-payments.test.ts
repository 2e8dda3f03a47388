import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { event, monthSeconds, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** Any recurring price makes a person paid: STRIPE_PAID_PRICES is unset. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Line = Record<string, unknown>;

/** A line of an invoice; `parent` says what it is for. */
function line(amount: number, parent: Line, more: Line = {}): Line {
  const from = world.when.seconds;
  return {
    id: 'il_1',
    object: 'line_item',
    amount,
    discount_amounts: [],
    period: { start: from, end: from + monthSeconds },
    parent,
    pricing: { type: 'price_details', price_details: { price: 'price_plan', product: 'prod_1' } },
    ...more,
  };
}

/** What a change of plan or seats adds, or takes off. */
const proration = (amount: number) =>
  line(amount, {
    type: 'invoice_item_details',
    invoice_item_details: { proration: true, subscription: 'sub_x', invoice_item: 'ii_1' },
    subscription_item_details: null,
  });

const ofSubscription = (amount: number, more: Line = {}) =>
  line(amount, { type: 'subscription_item_details', subscription_item_details: { proration: false } }, more);

const setUpFee = (amount: number) =>
  line(amount, {
    type: 'invoice_item_details',
    invoice_item_details: { proration: false, subscription: 'sub_x', invoice_item: 'ii_2' },
  });

const off = (amount: number) => ({ discount_amounts: [{ amount, discount: 'di_1' }] });

/** What becomes of a paid invoice with these lines, for a person who was invited. */
async function payInvoice(
  amountPaid: number,
  lines: Line[],
): Promise<{ detail: string | undefined; days: number }> {
  const person = await world.given.userInvitedBy(await world.given.user());
  const { detail } = await world.when.stripeSends(
    world.when.invoicePaid(person, {
      amount_paid: amountPaid,
      billing_reason: 'subscription_update',
      lines: { object: 'list', has_more: false, total_count: lines.length, data: lines },
    }),
  );
  return { detail, days: await world.see.creditDaysOf(person) };
}

const converted = { detail: 'converted', days: 45 };
const nothing = { detail: 'no_paid_price', days: 0 };

it.each<[string, number, () => Line[], object]>([
  ['an upgrade, after a first month that was free', 500, () => [proration(-500), proration(1000)], converted],
  ['more seats in mid-period', 300, () => [proration(300)], converted],
  ['a downgrade beside a set-up fee', 300, () => [proration(-1000), proration(800), setUpFee(500)], nothing],
  ['a set-up fee alone', 500, () => [setUpFee(500)], nothing],
  ['a set-up fee beside a free trial', 500, () => [setUpFee(500), ofSubscription(0)], nothing],
  [
    'a set-up fee beside a discount of all',
    500,
    () => [setUpFee(500), ofSubscription(1000, off(1000))],
    nothing,
  ],
  ['a discount of nearly all', 1, () => [ofSubscription(1000, off(999))], converted],
])('a first payment of %s', async (_, amountPaid, lines, expected) => {
  expect(await payInvoice(amountPaid, lines())).toEqual(expected);
});

describe('a plan that costs nothing', () => {
  const plan = (person: Person, price: Line) => {
    const base = subscription(person.payer, world.when.seconds) as { items: { data: Line[] } };
    for (const item of base.items.data) item.price = { recurring: { interval: 'month' }, ...price };
    return event('customer.subscription.updated', base, world.when.seconds);
  };

  it.each<[string, Line, string]>([
    ['0', { unit_amount: 0, unit_amount_decimal: '0' }, 'free'],
    ['0 in decimals only', { unit_amount: null, unit_amount_decimal: '0.00' }, 'free'],
    ['1 cent', { unit_amount: 1, unit_amount_decimal: '1' }, 'paid'],
    ['half a cent', { unit_amount: null, unit_amount_decimal: '0.5' }, 'paid'],
    ['by tiers', { unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered' }, 'paid'],
  ])('%s: what a price makes of its user', async (_, price, tier) => {
    const person = await world.given.user();
    await world.when.stripeSends(plan(person, { id: 'price_plan', ...price }));
    expect(await world.see.tierOf(person)).toBe(tier);
  });
});
