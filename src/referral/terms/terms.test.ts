import { describe, expect, it } from 'vitest';
import { holdEndsAt, toTerms, type TermsRow } from './terms.js';

const row: TermsRow = {
  ...{ version: 3, referrer_days: 45, referred_days: 30, hold_days: 14 },
  ...{ minimum_amounts: { eur: 500 }, qualifying_prices: ['price_a'] },
  ...{ attribution: 'first_touch', attribution_days: 60, late_claim_days: 7 },
  ...{ cap_conversions: 5, cap_window_days: 30, budget_days: 1000 },
  ...{ milestone_every: 3, milestone_days: 10, refund_percent: 50 },
  ...{ valid_from: new Date('2026-01-01T00:00:00Z'), valid_until: new Date('2027-01-01T00:00:00Z') },
};

describe('the terms of a row', () => {
  it('a row with everything', () => {
    expect(toTerms(row)).toEqual({
      ...{ version: 3, referrerDays: 45, referredDays: 30, holdDays: 14 },
      ...{ minimumAmounts: { eur: 500 }, qualifyingPrices: ['price_a'] },
      ...{ attribution: 'first_touch', attributionDays: 60, lateClaimDays: 7 },
      ...{ cap: { conversions: 5, windowDays: 30 }, budgetDays: 1000 },
      ...{ milestone: { every: 3, days: 10 }, refundPercent: 50 },
      ...{ validFrom: row.valid_from, validUntil: row.valid_until },
    });
  });

  it('a cap without a window counts for ever', () => {
    expect(toTerms({ ...row, cap_window_days: null }).cap).toEqual({ conversions: 5, windowDays: null });
  });

  it.each([
    ['no cap', { cap_conversions: null, cap_window_days: null }, { cap: null }],
    ['no milestone', { milestone_every: null, milestone_days: null }, { milestone: null }],
    ['no milestone where one half is missing', { milestone_every: null }, { milestone: null }],
    ['nor where the other half is', { milestone_days: null }, { milestone: null }],
    ['no budget', { budget_days: null }, { budgetDays: null }],
  ])('a row with %s', (_, more, terms) => {
    expect(toTerms({ ...row, ...more })).toMatchObject(terms);
  });
});

it('a hold ends whole days of 24 hours after the payment, and terms without one hold nothing', () => {
  const paidAt = new Date('2026-11-01T12:00:00.001Z');
  expect(holdEndsAt({ holdDays: 14 }, paidAt)).toEqual(new Date('2026-11-15T12:00:00.001Z'));
  expect(holdEndsAt({ holdDays: 1 }, paidAt)).toEqual(new Date('2026-11-02T12:00:00.001Z'));
  expect(holdEndsAt({ holdDays: 0 }, paidAt)).toBeNull();
});
