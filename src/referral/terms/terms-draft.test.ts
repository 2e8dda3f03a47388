import { describe, expect, it } from 'vitest';
import { validateDraft } from './terms-draft.js';
import { problemText } from './terms-fields.js';
import { termsLimits, type TermsNumber } from './terms-validation.js';
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
  it('a draft of terms takes what it does not say from the terms in force, but not their period', () => {
    const { version: _, ...rest } = inForce;
    expect(validate({}).draft).toEqual({ ...rest, validFrom: now, validUntil: null });
    expect(validate({ referrerDays: 0, cap: null, budgetDays: null, milestone: null }).draft).toMatchObject({
      referrerDays: 0,
      ...{ cap: null, budgetDays: null, milestone: null },
    });
  });

  it('a draft of terms takes everything that it says', () => {
    const given = {
      ...{ referrerDays: 1, referredDays: 2, holdDays: 3, attributionDays: 4, lateClaimDays: 5 },
      ...{ refundPercent: 6, budgetDays: 7, attribution: 'first_touch' },
      minimumAmounts: { eur: 8 },
      qualifyingPrices: ['price_1Abc-9'],
      cap: { conversions: 9, windowDays: 10 },
      milestone: { every: 11, days: 12 },
    };
    expect(validate(given).draft).toEqual({ ...given, validFrom: now, validUntil: null });
    expect(validate({ attribution: 'last_touch' }).draft?.attribution).toBe('last_touch');
  });

  it('a draft of terms sorts what has no order, and takes each name once', () => {
    expect(
      validate({ qualifyingPrices: ['b', 'a', 'b'], minimumAmounts: { USD: 5, eur: 4 } }).draft,
    ).toMatchObject({
      qualifyingPrices: ['a', 'b'],
      minimumAmounts: { eur: 4, usd: 5 },
    });
    const { draft } = validate({ minimumAmounts: { usd: 5, EUR: 4, chf: 3 } });
    expect(Object.keys(draft?.minimumAmounts ?? {})).toEqual(['chf', 'eur', 'usd']);
    expect(validate({ cap: { conversions: 2 } }).draft?.cap).toEqual({ conversions: 2, windowDays: null });
  });

  it('a draft of terms knows days and moments, of any zone', () => {
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
    [{ referrerDays: 3651 }, ['referrerDays: whole_number']],
    [{ referredDays: -1 }, ['referredDays: whole_number']],
    [{ referrerDays: '45' }, ['referrerDays: whole_number']],
    [{ referrerDays: null }, ['referrerDays: whole_number']],
    [{ holdDays: 1.5 }, ['holdDays: whole_number']],
    [{ holdDays: 91 }, ['holdDays: whole_number']],
    [{ referrerDays: 0, referredDays: 0 }, ['referredDays: no_reward']],
    [{ attributionDays: 0 }, ['attributionDays: whole_number']],
    [{ lateClaimDays: 366 }, ['lateClaimDays: whole_number']],
    [{ refundPercent: 0 }, ['refundPercent: whole_number']],
    [{ minimumAmounts: { xyz: 5 } }, ['minimumAmounts: currency']],
    [{ minimumAmounts: { eur: 0 } }, ['minimumAmounts: amount']],
    [{ minimumAmounts: { eur: 1, EUR: 2 } }, ['minimumAmounts: amounts']],
    [{ referrerDays: -1, referredDays: 0 }, ['referrerDays: whole_number']],
    [{ referrerDays: 0, referredDays: -1 }, ['referredDays: whole_number']],
    [{ minimumAmounts: { eur: '5' } }, ['minimumAmounts: amount']],
    [{ minimumAmounts: [5] }, ['minimumAmounts: amounts']],
    [{ minimumAmounts: null }, ['minimumAmounts: amounts']],
    [{ minimumAmounts: 5 }, ['minimumAmounts: amounts']],
    [{ qualifyingPrices: 'price_a' }, ['qualifyingPrices: prices']],
    [{ qualifyingPrices: ['a b'] }, ['qualifyingPrices: price']],
    [{ qualifyingPrices: [5] }, ['qualifyingPrices: price']],
    [{ qualifyingPrices: [''] }, ['qualifyingPrices: price']],
    [{ attribution: 'any' }, ['attribution: attribution']],
    [{ cap: 5 }, ['cap: cap']],
    [{ cap: [] }, ['cap: cap']],
    [{ cap: { windowDays: 30 } }, ['cap.conversions: whole_number']],
    [{ cap: { conversions: 1, days: 3 } }, ['cap: cap']],
    [
      { cap: { conversions: 0, windowDays: 0 } },
      ['cap.conversions: whole_number', 'cap.windowDays: whole_number'],
    ],
    [{ milestone: { every: 3 } }, ['milestone.days: whole_number']],
    [{ milestone: { days: 3 } }, ['milestone.every: whole_number']],
    [{ milestone: 5 }, ['milestone: milestone']],
    [{ milestone: { every: 3, days: 1, cap: 1 } }, ['milestone: milestone']],
    [{ budgetDays: 74 }, ['budgetDays: budget']],
    [{ budgetDays: 1 }, ['budgetDays: budget']],
    [{ budgetDays: 0 }, ['budgetDays: whole_number']],
    [{ validFrom: '2026-11-01T11:59:59.999Z' }, ['validFrom: in_the_past']],
    [{ validFrom: '2026-02-30' }, ['validFrom: date_time']],
    [{ validFrom: 'tomorrow' }, ['validFrom: date_time']],
    [{ validFrom: 1 }, ['validFrom: date_time']],
    [{ validFrom: ['2026-12-01'] }, ['validFrom: date_time']],
    [{ validFrom: '2026-12-01T09:00' }, ['validFrom: date_time']],
    [{ validFrom: '2099-01-01' }, ['validFrom: too_far_ahead']],
    [{ validUntil: '2026-11-01T12:00:00Z' }, ['validUntil: end_before_start']],
    [{ validFrom: '2026-12-02', validUntil: '2026-12-01' }, ['validUntil: end_before_start']],
  ])('%j is refused', (given, problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });

  it.each(Object.entries(termsLimits) as [TermsNumber, readonly [number, number]][])(
    '%s goes from exactly the first to exactly the last of %j',
    (path, [least, most]) => {
      const [field = '', part] = path.split('.');
      const fits = (value: number) => {
        const given = part === undefined ? value : { ...inForce[field as 'cap'], [part]: value };
        return !problemsOf({ [field]: given }).includes(`${path}: whole_number`);
      };
      expect([least - 1, least, most, most + 1].map(fits)).toEqual([false, true, true, false]);
    },
  );

  it('a minimum amount is at least 1, and at most what Stripe charges at once', () => {
    const problems = (amount: number) => problemsOf({ minimumAmounts: { eur: amount } });
    expect([1, 999_999_999_999].map(problems)).toEqual([[], []]);
    expect([0, 1.5, 1_000_000_000_000].map(problems)).toEqual(Array(3).fill(['minimumAmounts: amount']));
  });

  it('a draft of terms names at most 100 currencies, and 100 prices', () => {
    const currencies = Intl.supportedValuesOf('currency');
    const amounts = (count: number) =>
      problemsOf({ minimumAmounts: Object.fromEntries(currencies.slice(0, count).map((code) => [code, 1])) });
    expect([amounts(100), amounts(101)]).toEqual([[], ['minimumAmounts: amounts']]);
    const prices = (count: number) =>
      problemsOf({ qualifyingPrices: Array.from({ length: count }, (_, index) => `price_${index}`) });
    expect([prices(100), prices(101)]).toEqual([[], ['qualifyingPrices: prices']]);
  });

  it('the id of a price has up to 255 characters', () => {
    const problems = (length: number) => problemsOf({ qualifyingPrices: ['a'.repeat(length)] });
    expect([problems(255), problems(256)]).toEqual([[], ['qualifyingPrices: price']]);
  });

  it('a budget is enough when it pays for one reward', () => {
    expect([75, 74].map((budgetDays) => problemsOf({ budgetDays }))).toEqual([[], ['budgetDays: budget']]);
  });

  it('a draft of terms begins now at the earliest, and in ten years at the latest', () => {
    const latest = now.getTime() + 3650 * 86_400_000;
    const problems = (time: number) => problemsOf({ validFrom: new Date(time).toISOString() });
    expect([now.getTime(), latest].map(problems)).toEqual([[], []]);
    expect([now.getTime() - 1, latest + 1].map(problems)).toEqual([
      ['validFrom: in_the_past'],
      ['validFrom: too_far_ahead'],
    ]);
  });

  it.each([
    [{ holdDays: 91 }, { least: 0, most: 90 }],
    [{ validFrom: '2099-01-01' }, { days: 3650 }],
    [{ budgetDays: 74 }, { days: 75 }],
    [{ minimumAmounts: { ['x'.repeat(30)]: 1 } }, { currency: 'x'.repeat(20) }],
    [{ minimumAmounts: { eur: 0 } }, { currency: 'EUR', least: '0.01', most: '9999999999.99' }],
    [{ qualifyingPrices: {} }, { most: 100 }],
    [{ qualifyingPrices: ['a', '!'.repeat(70)] }, { price: '!'.repeat(60) }],
  ])('what is wrong with %j is said in numbers', (given, details) => {
    expect(validate(given).problems.map((problem) => problem.details)).toEqual([details]);
  });

  it('a draft of terms says all that is wrong at once, in the language of who reads it', () => {
    const { problems } = validate({ holdDays: 91, budgetDays: 10, attribution: 3 });
    expect(problems.map((problem) => problemText(getTranslator('en'), problem))).toEqual([
      'Enter a whole number from 0 to 90.',
      'Choose first_touch or last_touch.',
      'One reward takes 75 days. The budget must not be smaller.',
    ]);
    expect(problems.map((problem) => problemText(getTranslator('de'), problem))[2]).toContain('75 Tage');
  });
});
