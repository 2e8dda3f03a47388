import { expect, it } from '@jest/globals';
import { tierOf, type Standing } from './tier.js';

const now = new Date('2026-06-15T00:00:00Z');
const day = (n: number) => new Date(now.getTime() + n * 86_400_000);
const subscription = (more: Partial<Standing>): Standing => ({
  status: 'active',
  makesPaid: true,
  currentPeriodStart: day(-3),
  currentPeriodEnd: day(27),
  endedAt: null,
  paidUntil: null,
  deferredUntil: null,
  ...more,
});

it.each<[string, Partial<Standing>, string, Date | null]>([
  ['active', {}, 'paid', null],
  ['active for a price that pays for nothing', { makesPaid: false }, 'free', null],
  ['ended, whatever its status says', { endedAt: day(-1) }, 'free', null],
  ['past due within the grace period', { status: 'past_due' }, 'paid', day(4)],
  ['past due beyond the grace period', { status: 'past_due', currentPeriodStart: day(-8) }, 'free', null],
  ['in a trial that nobody has paid for', { status: 'trialing' }, 'free', null],
  ['in a trial after a payment', { status: 'trialing', paidUntil: day(10) }, 'paid', day(10)],
  ['put off by credit', { status: 'trialing', deferredUntil: day(45) }, 'paid', day(45)],
  [
    'put off by credit, before its snapshot',
    { status: 'incomplete', paidUntil: day(30), deferredUntil: day(75) },
    'paid',
    day(75),
  ],
  [
    'put off by credit, and ended',
    { status: 'canceled', endedAt: day(1), deferredUntil: day(45) },
    'free',
    null,
  ],
  ['known from a payment only', { status: 'incomplete', paidUntil: day(30) }, 'paid', day(30)],
  ['known from a payment whose period is over', { status: 'incomplete', paidUntil: day(0) }, 'free', null],
  ['canceled', { status: 'canceled' }, 'free', null],
  ['unpaid', { status: 'unpaid' }, 'free', null],
  ['of a status that Stripe has yet to invent', { status: 'somehow' }, 'free', null],
])('a subscription %s makes its user %j', (_, more, tier, expires) => {
  expect(tierOf([subscription(more)], now)).toMatchObject({ tier, tierExpiresAt: expires });
});

it('the longest of several subscriptions counts', () => {
  const both = [
    subscription({ status: 'incomplete', paidUntil: day(5) }),
    subscription({ status: 'incomplete', paidUntil: day(9) }),
  ];
  expect(tierOf(both, now)).toEqual({ tier: 'paid', tierExpiresAt: day(9), paidThrough: day(9) });
});

it('one that nothing ends outlasts one that ends by itself', () => {
  const both = [subscription({ status: 'incomplete', paidUntil: day(50) }), subscription({})];
  expect(tierOf(both, now)).toEqual({ tier: 'paid', tierExpiresAt: null, paidThrough: day(50) });
});

it('somebody is paid through the period of the latest payment, also before its snapshot is told', () => {
  expect(tierOf([subscription({ paidUntil: day(57) })], now).paidThrough).toEqual(day(57));
  expect(tierOf([subscription({ paidUntil: day(57), endedAt: day(0) })], now).paidThrough).toBeNull();
});
