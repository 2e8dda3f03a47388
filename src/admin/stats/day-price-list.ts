import type { DayPriceDto, WorthDto } from './stats.dto.js';

/** Days by the currency of the payment they follow from; null where there is none. */
export interface DaysByCurrency {
  currency: string | null;
  days: number;
}

/** What a day of access costs in each currency; the most used currency first. */
export class DayPriceList {
  constructor(readonly prices: readonly DayPriceDto[]) {}

  /** What days are worth. Days without a currency are taken for ones of the most used; one without a price is worth nothing known. */
  toWorth(all: readonly DaysByCurrency[]): WorthDto {
    const worth: WorthDto = { days: 0, money: [], daysWithoutPrice: 0 };
    const amounts = new Map<string, number>();
    for (const { currency, days } of all) {
      const price = this.prices.find((one) => one.currency === (currency ?? this.prices[0]?.currency));
      worth.days += days;
      if (price === undefined) worth.daysWithoutPrice += days;
      else amounts.set(price.currency, (amounts.get(price.currency) ?? 0) + days * price.perDay);
    }
    for (const [currency, amount] of [...amounts].sort())
      worth.money.push({ currency, amount: Math.round(amount) });
    return worth;
  }
}
