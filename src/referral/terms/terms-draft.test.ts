import { describe, expect, it } from 'vitest';
import { validateDraft } from './terms-draft.js';
import { problemText } from './terms-texts.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Terms } from './terms.js';

const now = new Date('2026-11-01T12:00:00Z');
const inForce: Terms = {
  version: 3,
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

const validate = (given: Record<string, unknown>) => validateDraft(given, inForce, now);
const problemsOf = (given: Record<string, unknown>) =>
  validate(given).problems.map(({ path, code }) => `${path}: ${code}`);

describe('a draft of terms', () => {
  it('takes what it does not say from the terms in force, but not their period', () => {
    const { version: _, ...rest } = inForce;
    expect(validate({}).draft).toEqual({ ...rest, validFrom: now, validUntil: null });
    expect(validate({ referrerDays: 0, cap: null, budgetDays: null, milestone: null }).draft).toMatchObject({
      referrerDays: 0,
      ...{ cap: null, budgetDays: null, milestone: null },
    });
  });

  it('sorts what has no order, and takes each name once', () => {
    expect(
      validate({ qualifyingPrices: ['b', 'a', 'b'], minimumAmounts: { USD: 5, eur: 4 } }).draft,
    ).toMatchObject({
      qualifyingPrices: ['a', 'b'],
      minimumAmounts: { eur: 4, usd: 5 },
    });
    expect(validate({ cap: { conversions: 2 } }).draft?.cap).toEqual({ conversions: 2, windowDays: null });
  });

  it('knows days and moments, of any zone', () => {
    const period = { validFrom: '2026-12-01', validUntil: '2026-12-24T20:00:00+01:00' };
    expect(validate(period).draft).toMatchObject({
      validFrom: new Date('2026-12-01T00:00:00Z'),
      validUntil: new Date('2026-12-24T19:00:00Z'),
    });
    expect(validate({ validFrom: null, validUntil: null }).draft).toMatchObject({
      validFrom: now,
      validUntil: null,
    });
  });

  it.each([
    [{ referrerDays: 3651 }, ['referrerDays: whole']],
    [{ referredDays: -1 }, ['referredDays: whole']],
    [{ referrerDays: '45' }, ['referrerDays: whole']],
    [{ referrerDays: null }, ['referrerDays: whole']],
    [{ holdDays: 1.5 }, ['holdDays: whole']],
    [{ holdDays: 91 }, ['holdDays: whole']],
    [{ referrerDays: 0, referredDays: 0 }, ['referredDays: nobody']],
    [{ attributionDays: 0 }, ['attributionDays: whole']],
    [{ lateClaimDays: 366 }, ['lateClaimDays: whole']],
    [{ refundPercent: 0 }, ['refundPercent: whole']],
    [{ minimumAmounts: { xyz: 5 } }, ['minimumAmounts: currency']],
    [{ minimumAmounts: { eur: 0 } }, ['minimumAmounts: amount']],
    [{ minimumAmounts: { eur: 1, EUR: 2 } }, ['minimumAmounts: amounts']],
    [{ minimumAmounts: [5] }, ['minimumAmounts: amounts']],
    [{ qualifyingPrices: 'price_a' }, ['qualifyingPrices: prices']],
    [{ qualifyingPrices: ['a b'] }, ['qualifyingPrices: price']],
    [{ attribution: 'any' }, ['attribution: attribution']],
    [{ cap: 5 }, ['cap: cap']],
    [{ cap: { windowDays: 30 } }, ['cap.conversions: whole']],
    [{ cap: { conversions: 1, days: 3 } }, ['cap: cap']],
    [{ cap: { conversions: 0, windowDays: 0 } }, ['cap.conversions: whole', 'cap.windowDays: whole']],
    [{ milestone: { every: 3 } }, ['milestone.days: whole']],
    [{ budgetDays: 74 }, ['budgetDays: budget']],
    [{ budgetDays: 0 }, ['budgetDays: whole']],
    [{ validFrom: '2026-11-01T11:59:59.999Z' }, ['validFrom: past']],
    [{ validFrom: '2026-02-30' }, ['validFrom: moment', 'validFrom: past'].slice(0, 1)],
    [{ validFrom: 'tomorrow' }, ['validFrom: moment']],
    [{ validFrom: 1 }, ['validFrom: moment']],
    [{ validFrom: '2026-12-01T09:00' }, ['validFrom: moment']],
    [{ validFrom: '2099-01-01' }, ['validFrom: far']],
    [{ validUntil: '2026-11-01T12:00:00Z' }, ['validUntil: order']],
    [{ validFrom: '2026-12-02', validUntil: '2026-12-01' }, ['validUntil: order']],
  ])('%j is refused', (given, problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });

  it('says all that is wrong at once, in the language of who reads it', () => {
    const { problems } = validate({ holdDays: 91, budgetDays: 10, attribution: 3 });
    expect(problems.map((problem) => problemText(getTranslator('en'), problem))).toEqual([
      'A whole number from 0 to 90.',
      'One of first_touch and last_touch.',
      'One reward takes 75 days: with a smaller budget nobody is ever rewarded.',
    ]);
    expect(problems.map((problem) => problemText(getTranslator('de'), problem))[2]).toContain('75 Tage');
  });
});
