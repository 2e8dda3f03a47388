import { describe, expect, it } from 'vitest';
import {
  acceptsAnyPayment,
  anyPaymentRequirement,
  firstUnmet,
  isRestrictive,
  requirementFor,
} from './payment-requirement.js';
import type { Terms } from './terms.js';

const any = () => anyPaymentRequirement('bert');

describe('what terms require of a payment', () => {
  it('a requirement says what the terms say', () => {
    const terms = { minimumAmounts: { eur: 500 }, qualifyingPrices: ['price_a'], refundPercent: 50 };
    expect(requirementFor('bert', terms as unknown as Terms)).toEqual({
      ...{ userId: 'bert', minimumAmounts: { eur: 500 }, prices: ['price_a'], refundPercent: 50 },
    });
  });

  it('most terms require any payment, and undo it once all of it was given back', () => {
    expect(any()).toEqual({ userId: 'bert', minimumAmounts: {}, prices: [], refundPercent: 100 });
    expect([isRestrictive(any()), acceptsAnyPayment(any())]).toEqual([false, true]);
  });

  it.each([
    ['a minimum amount', { minimumAmounts: { eur: 1 } }, true],
    ['a price', { prices: ['price_a'] }, true],
    ['a smaller share that undoes it', { refundPercent: 99 }, false],
  ])('terms that name %s do not accept every payment', (_, more, restrictive) => {
    const requirement = { ...any(), ...more };
    expect(acceptsAnyPayment(requirement)).toBe(false);
    // a payment that met the terms and was given back keeps later ones from counting
    expect(isRestrictive(requirement)).toBe(restrictive);
  });
});

describe('what a payment lacks', () => {
  const payment = { amount: 500, currency: 'eur', priceCounts: true };

  it.each([
    ['nothing where any amount counts', {}, { amount: 0 }, null],
    ['nothing at exactly the minimum', { eur: 500 }, {}, null],
    ['the amount below it', { eur: 501 }, {}, 'amount'],
    ['the currency where only others are named', { usd: 1 }, {}, 'currency'],
    ['the price where it does not count', {}, { priceCounts: false }, 'price'],
    ['first the currency', { usd: 1 }, { priceCounts: false }, 'currency'],
    ['the amount before the price', { eur: 501 }, { priceCounts: false }, 'amount'],
  ] as const)('%s', (_, minimumAmounts, more, unmet) => {
    expect(firstUnmet({ minimumAmounts }, { ...payment, ...more })).toBe(unmet);
  });
});
