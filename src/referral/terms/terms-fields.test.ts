import { expect, it } from 'vitest';
import { diffTerms, termsFields } from './terms-fields.js';
import type { TermsDraft } from './terms-draft.js';

const before: TermsDraft = {
  referrerDays: 45,
  referredDays: 30,
  holdDays: 14,
  minimumAmounts: { eur: 500 },
  qualifyingPrices: ['price_a'],
  attribution: 'last_touch',
  attributionDays: 30,
  lateClaimDays: 14,
  cap: { conversions: 5, windowDays: 30 },
  budgetDays: 1000,
  milestone: { every: 3, days: 10 },
  refundPercent: 100,
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validUntil: new Date('2027-01-01T00:00:00Z'),
};

it('terms with the same values do not differ, whichever objects hold them', () => {
  expect(diffTerms(before, structuredClone(before))).toEqual([]);
});

it('terms differ in what has changed, with both values, in the order in which people read it', () => {
  const changed = { milestone: null, referrerDays: 60, cap: { conversions: 5, windowDays: null } };
  expect(diffTerms(before, { ...before, ...changed })).toEqual([
    { field: 'referrerDays', before: 45, after: 60 },
    { field: 'cap', before: before.cap, after: changed.cap },
    { field: 'milestone', before: before.milestone, after: null },
  ]);
});

it('every field of terms is compared', () => {
  const fields = Object.keys(before);
  expect(termsFields.toSorted()).toEqual(fields.toSorted());
  for (const field of termsFields)
    expect(diffTerms(before, { ...before, [field]: 'other' }).map((change) => change.field)).toEqual([field]);
});
