import type { RewardState } from '../../../referral/index.js';
import type { OutcomeDto } from '../terms-preview.dto.js';
import { dayMs } from '../../../platform/durations.js';

/**
 * A payment that converted a referral, or that its terms did not take (`reward` null). `at` and
 * `paidAt` are milliseconds since 1970, `amount` is in the smallest unit, `periodMs` what it paid
 * for (null: not known). `priceCounts`: the draft takes its price. `referrerId` null: no other
 * person is there to reward.
 */
export interface SimulatedPayment {
  at: number;
  paidAt: number;
  referrerId: string | null;
  amount: number;
  currency: string;
  priceCounts: boolean;
  periodMs: number | null;
  reward: ActualReward | null;
}

/**
 * The status of a conversion, and what its terms promised. `isOnlyBudgetExhausted`: only a used up
 * budget speaks against it.
 */
export interface ActualReward {
  state: RewardState;
  isOnlyBudgetExhausted: boolean;
  capped: boolean;
  referrerDays: number;
  referredDays: number;
}

/** What a payment lacks; `other`: it is not known any more which. */
export type UnmetReason = keyof OutcomeDto['unmet'];

/** A tally of an outcome, with its days by the currency of the payment they follow from. */
export class OutcomeTotals {
  readonly outcome: OutcomeDto = {
    ...{ rewarded: 0, held: 0, capped: 0, budgetExhausted: 0, notGranted: 0, milestones: 0 },
    unmet: { currency: 0, amount: 0, price: 0, other: 0 },
    days: { referrer: 0, referred: 0, milestones: 0, total: 0 },
    money: [],
    daysWithoutPrice: 0,
  };
  private readonly daysByCurrency = new Map<string, number>();

  /** Adds days that follow from a payment in `currency`. */
  add(kind: 'referrer' | 'referred' | 'milestones', days: number, currency: string): void {
    this.outcome.days[kind] += days;
    this.outcome.days.total += days;
    this.daysByCurrency.set(currency, (this.daysByCurrency.get(currency) ?? 0) + days);
  }

  /** The outcome, its days valued at `prices`: smallest units a day, by currency. */
  withMoney(prices: ReadonlyMap<string, number>): OutcomeDto {
    const { money } = this.outcome;
    for (const [currency, days] of [...this.daysByCurrency].sort()) {
      const price = prices.get(currency);
      if (price === undefined) this.outcome.daysWithoutPrice += days;
      else if (days !== 0) money.push({ currency, amount: Math.round(days * price) });
    }
    return this.outcome;
  }
}

/**
 * What a day of access costs on average, by currency: all that was paid, over all the days it was
 * paid for.
 */
export class DayPrices {
  private readonly sums = new Map<string, { amount: number; ms: number; payments: number }>();

  /** Takes a payment in, where it is known what it paid for. */
  add({ currency, amount, periodMs }: Pick<SimulatedPayment, 'currency' | 'amount' | 'periodMs'>): void {
    if (periodMs === null) return;
    const sum = this.sums.get(currency) ?? { amount: 0, ms: 0, payments: 0 };
    sum.amount += amount;
    sum.ms += periodMs;
    sum.payments++;
    this.sums.set(currency, sum);
  }

  /** Smallest units a day, by currency. */
  averages(): Map<string, number> {
    return new Map([...this.sums].map(([currency, { amount, ms }]) => [currency, (amount / ms) * dayMs]));
  }

  /** The same as a list, the most used currency first. */
  list(): { currency: string; perDay: number; payments: number }[] {
    const averages = this.averages();
    return [...this.sums]
      .map(([currency, { payments }]) => ({ currency, perDay: averages.get(currency) ?? 0, payments }))
      .sort((one, other) => other.payments - one.payments || one.currency.localeCompare(other.currency));
  }

  /** The currency that most was paid in; undefined without a payment. */
  mostUsedCurrency(): string | undefined {
    return this.list()[0]?.currency;
  }
}
