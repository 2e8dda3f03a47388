import { describe, expect, it } from 'vitest';
import type { TermsDraft } from '../../../referral/index.js';
import { TermsSimulation } from './terms-simulation.js';
import type { SimulatedPayment, ActualReward } from './outcome-totals.js';

const dayMs = 86_400_000;
const now = new Date('2026-11-01T00:00:00Z');
const daysAgo = (days: number) => now.getTime() - days * dayMs;
const terms: TermsDraft = {
  ...{ referrerDays: 30, referredDays: 10, holdDays: 0, minimumAmounts: {}, qualifyingPrices: [] },
  ...{ attribution: 'last_touch', attributionDays: 30, lateClaimDays: 0, cap: null, budgetDays: null },
  ...{ milestone: null, refundPercent: 100, validFrom: now, validUntil: null },
};
const reward: ActualReward = {
  ...{ state: 'granted', isOnlyBudgetExhausted: false, capped: false },
  ...{ referrerDays: 45, referredDays: 45 },
};

const paid = (days: number, more: Partial<SimulatedPayment> = {}): SimulatedPayment => ({
  at: daysAgo(days),
  referrerId: 'anna',
  paidAt: daysAgo(days),
  ...{ amount: 900, currency: 'eur', priceCounts: true, periodMs: 30 * dayMs, reward },
  ...more,
});
const simulate = (draft: Partial<TermsDraft>, payments: SimulatedPayment[], before?: Map<string, number>) => {
  const termsSimulation = new TermsSimulation({ ...terms, ...draft }, now, before);
  for (const payment of payments) termsSimulation.addPayment(payment);
  return termsSimulation.result({ count: 0, days: 0 });
};

describe('payments under other terms', () => {
  it('payments under other terms cost what the days would have cost, beside what they really did', () => {
    const { payments, actual, draft, prices } = simulate({}, [paid(2), paid(1)]);
    expect(payments).toBe(2);
    expect(prices).toEqual([{ currency: 'eur', perDay: 30, payments: 2 }]);
    expect(actual).toMatchObject({ rewarded: 2, days: { referrer: 90, referred: 90, total: 180 } });
    expect(actual.money).toEqual([{ currency: 'eur', amount: 5400 }]);
    expect(draft).toMatchObject({ rewarded: 2, days: { referrer: 60, referred: 20, total: 80 } });
    expect(draft.money).toEqual([{ currency: 'eur', amount: 2400 }]);
  });

  it('payments under other terms are valued in the currency they were paid in, and not where its price is unknown', () => {
    const { draft } = simulate({}, [
      paid(1),
      paid(1, { currency: 'usd', amount: 3000, periodMs: 30 * dayMs }),
      paid(1, { currency: 'jpy', periodMs: null }),
    ]);
    expect(draft.money).toEqual([
      { currency: 'eur', amount: 1200 },
      { currency: 'usd', amount: 4000 },
    ]);
    expect(draft.daysWithoutPrice).toBe(40);
  });

  it('payments under other terms count only when they meet the terms', () => {
    const minimum = { minimumAmounts: { eur: 901, usd: 1 } };
    const { draft } = simulate(minimum, [
      paid(1),
      paid(1, { amount: 901, priceCounts: false }),
      paid(1, { currency: 'chf' }),
      paid(1, { amount: 901 }),
    ]);
    expect(draft).toMatchObject({ rewarded: 1, unmet: { amount: 1, currency: 1, price: 1 } });
  });

  it('payments under other terms are rewarded to their referrer as far as the cap goes, in its window', () => {
    const { draft } = simulate({ cap: { conversions: 2, windowDays: 10 } }, [
      ...[paid(20), paid(14), paid(12), paid(9, { referrerId: 'carl' }), paid(5)],
      paid(5),
    ]);
    expect(draft).toMatchObject({ rewarded: 6, capped: 2, days: { referrer: 4 * 30, referred: 60 } });
    expect(
      simulate({ cap: { conversions: 2, windowDays: null } }, [paid(20), paid(15), paid(1)]).draft.capped,
    ).toBe(1);
  });

  it('payments under other terms are rewarded while the budget lasts; a smaller reward may still fit', () => {
    const { draft } = simulate({ budgetDays: 95 }, [
      paid(5),
      paid(4),
      paid(3),
      paid(2, { referrerId: null }),
    ]);
    expect(draft).toMatchObject({ rewarded: 3, budgetExhausted: 1, days: { total: 90 } });
    expect(draft.usedUpAt).toEqual(new Date(daysAgo(3)));
  });

  it('payments under other terms reach milestones with those that stood before', () => {
    const milestone = { every: 3, days: 7 };
    const payments = [paid(5), paid(4), paid(3), paid(2, { referrerId: null })];
    expect(simulate({ milestone }, payments, new Map([['anna', 2]])).draft).toMatchObject({
      milestones: 1,
      days: { milestones: 7, total: 4 * 10 + 3 * 30 + 7 },
    });
  });

  it.each<[string, Partial<SimulatedPayment>, object]>([
    ['granted', {}, { rewarded: 1, held: 0, capped: 0, days: { referrer: 45, referred: 45 } }],
    [
      'held',
      { reward: { ...reward, state: 'held' } },
      { rewarded: 1, held: 1, days: { referrer: 45, referred: 45 } },
    ],
    [
      'capped: only the referred user got days',
      { reward: { ...reward, capped: true } },
      { rewarded: 1, capped: 1, days: { referrer: 0, referred: 45 } },
    ],
    [
      'without a referrer',
      { referrerId: null },
      { rewarded: 1, capped: 0, days: { referrer: 0, referred: 45 } },
    ],
    [
      'suspended',
      { reward: { ...reward, state: 'suspended' } },
      { rewarded: 0, notGranted: 1, days: { total: 0 } },
    ],
  ])('what a payment really brought is counted as it is: %s', (_, more, outcome) => {
    expect(simulate({}, [paid(1, more)]).actual).toMatchObject(outcome);
  });

  it('payments under other terms are rewarded whether their reward was granted or held', () => {
    const held = paid(1, { reward: { ...reward, state: 'held' } });
    const suspended = paid(1, { reward: { ...reward, state: 'suspended' } });
    expect(simulate({}, [paid(2), held, suspended]).draft).toMatchObject({ rewarded: 2, notGranted: 1 });
  });

  it('milestones that were really reached cost days of the currency that most was paid in', () => {
    const simulation = new TermsSimulation(terms, now);
    simulation.addPayment(paid(1, { currency: 'usd' }));
    simulation.addPayment(paid(1, { reward: null }));
    simulation.addPayment(paid(1, { reward: null }));
    const { actual } = simulation.result({ count: 2, days: 14 });
    expect(actual).toMatchObject({
      milestones: 2,
      days: { milestones: 14, total: 104 },
      daysWithoutPrice: 0,
    });
    expect(actual.money).toEqual([
      { currency: 'eur', amount: 14 * 30 },
      { currency: 'usd', amount: 90 * 30 },
    ]);
    expect(new TermsSimulation(terms, now).result({ count: 1, days: 7 }).actual).toMatchObject({
      ...{ milestones: 1, money: [], daysWithoutPrice: 7 },
    });
  });

  it('no cap counts for a referrer who gets no days', () => {
    const draft = { referrerDays: 0, cap: { conversions: 1, windowDays: null } };
    expect(simulate(draft, [paid(2), paid(1)]).draft).toMatchObject({ rewarded: 2, capped: 0 });
  });

  it('a budget is used up by the first reward that does not fit, not by the last one that does', () => {
    expect(simulate({ budgetDays: 80 }, [paid(2), paid(1)]).draft).toMatchObject({
      ...{ rewarded: 2, budgetExhausted: 0, usedUpAt: null },
    });
    expect(simulate({ budgetDays: 79 }, [paid(3), paid(2), paid(1)]).draft).toMatchObject({
      ...{ rewarded: 1, budgetExhausted: 2, usedUpAt: new Date(daysAgo(2)) },
    });
  });

  it('a milestone is reached by exactly as many as it needs, and only by a referrer', () => {
    const milestone = { every: 3, days: 7 };
    const milestones = (...payments: SimulatedPayment[]) =>
      simulate({ milestone }, payments, new Map([['anna', 1]])).draft.milestones;
    expect([milestones(paid(2)), milestones(paid(2), paid(1))]).toEqual([0, 1]);
    const direct = paid(1, { referrerId: null });
    expect(milestones(direct, direct, direct)).toBe(0);
  });

  it('a milestone takes its days from the budget, and is not reached without them', () => {
    const milestone = { every: 2, days: 7 };
    expect(simulate({ milestone, budgetDays: 87 }, [paid(2), paid(1)]).draft.milestones).toBe(1);
    expect(simulate({ milestone, budgetDays: 86 }, [paid(2), paid(1)]).draft).toMatchObject({
      ...{ rewarded: 2, milestones: 0, usedUpAt: new Date(daysAgo(1)) },
    });
  });

  it('payments under other terms wait as long as the hold says', () => {
    expect(simulate({ holdDays: 14 }, [paid(20), paid(13)]).draft).toMatchObject({ rewarded: 2, held: 1 });
  });

  it.each([
    ['just before', 1, 1],
    ['exactly at', 0, 0],
    ['just after', -1, 0],
  ])('%s the end of a hold and of the window of a cap', (_, early, held) => {
    const at = daysAgo(14) + early;
    const waiting = simulate({ holdDays: 14 }, [paid(14, { at, paidAt: at })]);
    expect(waiting.draft).toMatchObject({ rewarded: 1, held });
    const cap = { conversions: 1, windowDays: 14 };
    // the first is as long ago as the window is, but for a millisecond
    const second = daysAgo(0) - 2;
    const capped = simulate({ cap }, [
      paid(14, { at: second - 14 * dayMs + early }),
      paid(0, { at: second }),
    ]);
    expect(capped.draft.capped).toBe(held);
  });

  it('payments under other terms cost nothing where something else speaks against them, but a budget that is used up now may suffice', () => {
    const refunded = { ...reward, state: 'reversed' as const, isOnlyBudgetExhausted: false };
    const exhausted = { ...reward, state: 'reversed' as const, isOnlyBudgetExhausted: true };
    const { actual, draft } = simulate({}, [paid(3, { reward: refunded }), paid(2, { reward: exhausted })]);
    expect(actual).toMatchObject({ rewarded: 0, notGranted: 1, budgetExhausted: 1, days: { total: 0 } });
    expect(draft).toMatchObject({ rewarded: 1, notGranted: 1, budgetExhausted: 0, days: { total: 40 } });
  });

  it('payments under other terms that met no terms then may meet these', () => {
    const { actual, draft } = simulate({}, [paid(3, { reward: null })]);
    expect(actual).toMatchObject({ rewarded: 0, unmet: { other: 1 } });
    expect(draft).toMatchObject({ rewarded: 1 });
  });
});
