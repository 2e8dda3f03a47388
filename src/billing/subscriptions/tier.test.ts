import { expect, it } from 'vitest';
import { deriveTier, type SubscriptionState } from './tier.js';

const now = new Date('2026-06-15T00:00:00Z');
const day = (n: number, milliseconds = 0) => new Date(now.getTime() + n * 86_400_000 + milliseconds);
const subscription = (more: Partial<SubscriptionState>): SubscriptionState => ({
  status: 'active',
  grantsPaidTier: true,
  currentPeriodEnd: day(27),
  endedAt: null,
  paidUntil: null,
  deferredUntil: null,
  pastDueSince: null,
  collectionVoided: false,
  ...more,
});
const tierNow = (subscriptions: SubscriptionState[], hasPaid = true) =>
  deriveTier(subscriptions, { now, hasPaid });

it.each<[string, Partial<SubscriptionState>, string, Date | null]>([
  ['active', {}, 'paid', null],
  ['active for a price that pays for nothing', { grantsPaidTier: false }, 'free', null],
  ['active, and paid long ago', { paidUntil: day(-400) }, 'paid', null],
  ['ended, whatever its status says', { endedAt: day(-1) }, 'free', null],
  ['in an unpaid trial', { status: 'trialing' }, 'free', null],
  ['in a trial after a payment', { status: 'trialing', paidUntil: day(10) }, 'paid', day(10)],
  [
    'in a trial after a payment, before its end',
    { status: 'trialing', paidUntil: day(0, 1) },
    'paid',
    day(0, 1),
  ],
  ['in a trial after a payment, at its end', { status: 'trialing', paidUntil: day(0) }, 'free', null],
  ['in a trial after a payment, behind its end', { status: 'trialing', paidUntil: day(0, -1) }, 'free', null],
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
  ['canceled', { status: 'canceled', paidUntil: day(30) }, 'free', null],
  ['unpaid', { status: 'unpaid', paidUntil: day(30) }, 'free', null],
  ['paused, with its service', { status: 'paused', paidUntil: day(30) }, 'free', null],
  ['of a status that Stripe has yet to invent', { status: 'somehow', paidUntil: day(30) }, 'free', null],
])('a subscription %s makes its user %j', (_, more, tier, expires) => {
  expect(tierNow([subscription(more)])).toMatchObject({ tier, tierExpiresAt: expires });
});

const grace = { hasPaid: true };
const never = { hasPaid: false };
it.each<[string, { hasPaid: boolean }, Partial<SubscriptionState>, string, Date | null]>([
  ['just now', grace, { pastDueSince: day(0) }, 'paid', day(7)],
  ['for seven days less a moment', grace, { pastDueSince: day(-7, 1) }, 'paid', day(0, 1)],
  ['for seven days', grace, { pastDueSince: day(-7) }, 'free', null],
  ['for seven days and a moment', grace, { pastDueSince: day(-7, -1) }, 'free', null],
  ['in a period that was paid for', grace, { pastDueSince: day(-20), paidUntil: day(265) }, 'paid', day(265)],
  [
    'a moment before what was paid for ends',
    grace,
    { pastDueSince: day(-20), paidUntil: day(0, 1) },
    'paid',
    day(0, 1),
  ],
  ['when what was paid for ends', grace, { pastDueSince: day(-20), paidUntil: day(0) }, 'free', null],
  [
    'shortly before what was paid for ends',
    grace,
    { pastDueSince: day(-1), paidUntil: day(2) },
    'paid',
    day(6),
  ],
  ['shortly before, and longer', grace, { pastDueSince: day(-1), paidUntil: day(6, 1) }, 'paid', day(6, 1)],
  [
    'while credit puts the charge off',
    grace,
    { pastDueSince: day(-9), deferredUntil: day(3) },
    'paid',
    day(3),
  ],
  ['since a time that is not known', grace, { pastDueSince: null }, 'free', null],
  [
    'since a time that is not known, in a period that was paid for',
    grace,
    { pastDueSince: null, paidUntil: day(3) },
    'paid',
    day(3),
  ],
  ['before anything was paid', never, { pastDueSince: day(0) }, 'free', null],
  ['for a price that pays for nothing', grace, { pastDueSince: day(0), grantsPaidTier: false }, 'free', null],
  ['and ended', grace, { pastDueSince: day(0), endedAt: day(0) }, 'free', null],
])('a subscription that is past due %s makes its user %j', (_, { hasPaid }, more, tier, expires) => {
  const state = tierNow([subscription({ status: 'past_due', ...more })], hasPaid);
  expect(state).toMatchObject({ tier, tierExpiresAt: expires });
});

it.each<[string, Partial<SubscriptionState>, string, Date | null]>([
  ['without a payment', {}, 'free', null],
  ['in a period that was paid for', { paidUntil: day(3) }, 'paid', day(3)],
  ['a moment before its end', { paidUntil: day(0, 1) }, 'paid', day(0, 1)],
  ['at its end', { paidUntil: day(0) }, 'free', null],
])('an active subscription whose invoices are voided, %s, makes its user %j', (_, more, tier, until) => {
  const state = tierNow([subscription({ collectionVoided: true, ...more })]);
  expect(state).toMatchObject({ tier, tierExpiresAt: until, paidThrough: more.paidUntil ?? null });
});

it('the longest of several subscriptions counts', () => {
  const both = [
    subscription({ status: 'incomplete', paidUntil: day(5) }),
    subscription({ status: 'incomplete', paidUntil: day(9) }),
  ];
  expect(tierNow(both)).toEqual({ tier: 'paid', tierExpiresAt: day(9), paidThrough: day(9) });
});

it('one that nothing ends outlasts one that ends by itself', () => {
  const both = [subscription({ status: 'incomplete', paidUntil: day(50) }), subscription({})];
  expect(tierNow(both)).toEqual({ tier: 'paid', tierExpiresAt: null, paidThrough: day(50) });
});

it('a person is paid through the period of the latest payment, also before its snapshot is reported', () => {
  expect(tierNow([subscription({ paidUntil: day(57) })]).paidThrough).toEqual(day(57));
  expect(tierNow([subscription({ paidUntil: day(57), endedAt: day(0) })]).paidThrough).toBeNull();
});
