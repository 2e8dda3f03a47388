import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { CostDto, DayPriceDto, LiabilityDto, WorthDto } from './stats.dto.js';
import type { Period } from './period.js';
import { StatsRepository, type CreditPurpose, type DaysByCurrency } from './stats.repository.js';

/** What a day of access costs in each currency; the most used currency first. */
export class DayPriceList {
  constructor(readonly prices: readonly DayPriceDto[]) {}

  /**
   * What days are worth. Days without a currency count in the most used one; without a price their
   * worth is unknown.
   */
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

/** What the programme costs and still owes, in days and at the average price of a day. */
@Injectable()
export class CostStats {
  constructor(
    private readonly repository: StatsRepository,
    private readonly clock: Clock,
  ) {}

  /** What a day cost on average: in the period, or without payments, in the year before its end. */
  async prices({ from, to }: Period): Promise<DayPriceList> {
    const inPeriod = await this.repository.dayPrices(from, to);
    return new DayPriceList(
      inPeriod.length > 0 ? inPeriod : await this.repository.dayPrices(addMs(to, -365 * dayMs), to),
    );
  }

  /** What was given in a period, less what was taken back in it. */
  async cost(period: Period, prices: DayPriceList): Promise<CostDto> {
    const rows = await this.repository.daysByPurpose(period);
    const of = (...purposes: CreditPurpose[]) => rows.filter(({ purpose }) => purposes.includes(purpose));
    const days = (purpose: CreditPurpose) => of(purpose).reduce((sum, row) => sum + row.days, 0);
    return {
      referrer: days('referrer'),
      referred: days('referred'),
      milestones: days('milestone'),
      programme: prices.toWorth(of('referrer', 'referred', 'milestone')),
      manual: days('manual'),
      refundsAsCredit: days('refund'),
    };
  }

  /** What is still owed now. */
  async liability(prices: DayPriceList): Promise<LiabilityDto> {
    const [ahead, held, pending] = await Promise.all([
      this.repository.remainingDays(this.clock.now()),
      this.repository.heldDays(),
      this.repository.pendingDays(),
    ]);
    return {
      ahead: { people: sum(ahead.map(({ people }) => people)), ...prices.toWorth(ahead) },
      held: { conversions: sum(held.map(({ conversions }) => conversions)), ...prices.toWorth(held) },
      pending,
    };
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
