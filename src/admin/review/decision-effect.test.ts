import { expect, it } from 'vitest';
import type { ReferralDto } from '../referrals/referral.dto.js';
import { effectOf, rewardDays, totalEffects } from './decision-effect.js';

const referral = (change: Partial<ReferralDto> = {}): ReferralDto => ({
  ...{ id: 'a', status: 'held', code: 'ANNA2345', origin: 'sign_up' },
  referrer: { userId: 'anna', email: 'anna@example.org' },
  referred: { userId: 'bert', email: 'bert@example.org' },
  ...{
    days: { referrer: 45, referred: 30 },
    linkedAt: new Date(0),
    conversionId: 'c',
    convertedAt: new Date(0),
  },
  ...{ creditedAt: null, changedAt: null, reasons: [], flags: [], why: null, next: null, invoiceId: null },
  ...{ holds: ['review'], arrivesAt: null, capped: false, termsVersion: 1 },
  review: { outcome: 'review', decision: null, scheduled: null },
  ...change,
});

it.each([
  ['a paid referral is credited', {}, 'credited'],
  ['one whose friend has not paid waits for the payment', { conversionId: null }, 'on_payment'],
  ['one in its refund window waits for its end', { holds: ['refund_window', 'review'] }, 'after_window'],
  ['one that was refunded stays as it is', { reasons: ['refunded'] }, 'other_reason'],
  ['one that the budget refused is tried again', { reasons: ['budget_exhausted'] }, 'credited'],
] as const)('an approval: %s', (_, change, effect) => {
  expect(effectOf(referral(change as Partial<ReferralDto>), 'approve')).toBe(effect);
  expect(effectOf(referral(change as Partial<ReferralDto>), 'reject')).toBe('refused');
});

it('a referrer who is gone, capped or the friend is given no days', () => {
  expect(rewardDays(referral())).toBe(75);
  expect(rewardDays(referral({ referrer: null }))).toBe(30);
  expect(rewardDays(referral({ capped: true }))).toBe(30);
  expect(rewardDays(referral({ referrer: { userId: 'bert', email: null } }))).toBe(30);
});

it('the effects of a decision about many are counted, the most common first', () => {
  const many = [referral({ conversionId: null }), referral(), referral({ capped: true })];
  expect(totalEffects(many, 'approve')).toEqual([
    { effect: 'credited', referrals: 2, days: 105 },
    { effect: 'on_payment', referrals: 1, days: 75 },
  ]);
  expect(totalEffects(many, 'reject')).toEqual([{ effect: 'refused', referrals: 3, days: 180 }]);
});
