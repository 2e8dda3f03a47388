import { describe, expect, it } from 'vitest';
import { eligibleReferrerId, rewardsFor, type LockedReferral } from './referral-state.js';

const terms = { referrerDays: 45, referredDays: 30 };
const referral = (more: object = {}) =>
  ({ referrerId: 'anna', referredId: 'bert', terms, ...more }) as LockedReferral;
const forAnna = { side: 'referrer', userId: 'anna', days: 45 };
const forBert = { side: 'referred', userId: 'bert', days: 30 };

describe('who is rewarded for a conversion', () => {
  it.each([
    ['both sides, the referrer first', {}, false, [forAnna, forBert]],
    ['the referred user alone once the cap is reached', {}, true, [forBert]],
    ['the referred user alone when the referrer is gone', { referrerId: null }, false, [forBert]],
    ['a person who referred themselves, once', { referrerId: 'bert' }, false, [forBert]],
    ['no side that the terms give no days', { terms: { ...terms, referrerDays: 0 } }, false, [forBert]],
    ['the referrer alone by such terms', { terms: { ...terms, referredDays: 0 } }, false, [forAnna]],
  ])('%s', (_, more, capped, rewards) => {
    expect(rewardsFor(referral(more), { capped })).toEqual(rewards);
  });

  it('the referrer counts unless they are gone, or the referred user themselves', () => {
    expect(eligibleReferrerId(referral())).toBe('anna');
    expect(eligibleReferrerId(referral({ referrerId: null }))).toBeNull();
    expect(eligibleReferrerId(referral({ referrerId: 'bert' }))).toBeNull();
  });
});
