import { dayMs } from '../../../platform/durations.js';
import type { SimulatedPayment } from './simulated-payment.js';

/** What a day of access costs on average, by currency: all that was paid, over all the days it was paid for. */
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
