import { expect, it } from 'vitest';
import type Stripe from 'stripe';
import { computeTarget, hasEnoughNotice, revertibleMs } from './deferral-target.js';

const daySeconds = 86_400;
const start = Date.parse('2026-06-01T00:00:00Z') / 1_000;
const at = (days: number) => new Date((start + days * daySeconds) * 1_000);
const days = (count: number) => count * daySeconds * 1_000;
const items = (...ends: number[]) => ({
  has_more: false,
  data: ends.map((end) => ({ current_period_end: start + end * daySeconds })),
});

function subscription(more: object = {}): Stripe.Subscription {
  return {
    status: 'active',
    collection_method: 'charge_automatically',
    schedule: null,
    cancel_at: null,
    cancel_at_period_end: false,
    pause_collection: null,
    billing_cycle_anchor: start,
    trial_end: null,
    items: items(30),
    ...more,
  } as unknown as Stripe.Subscription;
}

it('a charge is put off from the end of what is paid for', () => {
  expect(computeTarget(subscription(), days(45))).toEqual({ previousEnd: at(30), target: at(75) });
});

it.each([
  ['a second before', -1, 'planned_to_end'],
  ['when', 0, 'planned_to_end'],
  ['a second after', 1, undefined],
])('a charge is not put off to an end that comes %s it does', (_, seconds, refused) => {
  const target = computeTarget(subscription({ cancel_at: start + 75 * daySeconds + seconds }), days(45));
  expect(target).toMatchObject(refused === undefined ? { target: at(75) } : { refused });
});

it('a charge that was put off before is put off from there', () => {
  const trialing = subscription({ status: 'trialing', trial_end: start + 75 * daySeconds, items: items(75) });
  expect(computeTarget(trialing, days(10))).toEqual({ previousEnd: at(75), target: at(85) });
});

it('a charge that a trial has put off behind its period is put off from the end of the trial', () => {
  const trialing = subscription({ status: 'trialing', trial_end: start + 75 * daySeconds });
  expect(computeTarget(trialing, days(10))).toEqual({ previousEnd: at(75), target: at(85) });
});

it('a charge is put off to two years after its subscription began, and not a second further', () => {
  const late = subscription({ items: items(685) });
  expect(computeTarget(late, days(45))).toEqual({ previousEnd: at(685), target: at(730) });
  expect(computeTarget(late, days(45) + 1)).toEqual({ refused: 'over_two_years_ahead' });
});

it('a part of a second is rounded in the user’s favour', () => {
  const target = computeTarget(subscription(), 1);
  expect(target).toEqual({ previousEnd: at(30), target: new Date(at(30).getTime() + 1_000) });
});

it.each<[string, object]>([
  ['status_past_due', { status: 'past_due' }],
  ['status_paused', { status: 'paused' }],
  ['not_charged_automatically', { collection_method: 'send_invoice' }],
  ['has_a_schedule', { schedule: 'sub_sched_1' }],
  ['planned_to_end', { cancel_at_period_end: true }],
  ['planned_to_end', { cancel_at: start + 40 * daySeconds }],
  ['collection_paused', { pause_collection: { behavior: 'void', resumes_at: null } }],
  ['item_periods_differ', { items: items(30, 365) }],
  ['item_periods_differ', { items: items() }],
  ['item_periods_differ', { items: { ...items(30), has_more: true } }],
  ['over_two_years_ahead', { items: items(700) }],
])('it stays where it is: %s', (refused, more) => {
  expect(computeTarget(subscription(more), days(45))).toEqual({ refused });
});

it.each([
  ['before it began', -20, 45],
  ['72 hours before it began', 27, 45],
  ['when it has just begun', 30, 42],
  ['in the middle of it', 40, 32],
  ['three days before its end', 72, 0],
  ['when it is used up', 80, 0],
])('what comes back of 45 days that put off a charge, %s', (_, now, back) => {
  expect(revertibleMs(at(30), at(75), at(now))).toBe(days(back));
});

it.each([
  ['71 hours', 0, true],
  ['a moment less', -1, false],
])('a charge that comes back must be %s ahead', (_, ms, isEnough) => {
  const now = at(10);
  expect(hasEnoughNotice(new Date(now.getTime() + 71 * 3_600_000 + ms), now)).toBe(isEnough);
});
