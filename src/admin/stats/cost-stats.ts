import { Injectable } from '@nestjs/common';
import { addMs, dayMs } from '../../platform/durations.js';
import type { AheadDto, CostDto, DayPriceDto, LiabilityDto, WorthDto } from './stats.dto.js';
import type { Totals } from './totals.js';
import { forecastUnusedDays } from './forecast.js';
import type { Period } from './period.js';
import {
  StatsRepository,
  type CreditPurpose,
  type DaysByCurrency,
  type LiabilityRow,
} from './stats.repository.js';

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

  /** What days are worth that follow from payments in several currencies, at the most used one. */
  toMainWorth(days: number): WorthDto {
    return this.toWorth([{ currency: null, days }]);
  }
}

/** What the programme costs and still owes, in days and at the average price of a day. */
@Injectable()
export class CostStats {
  constructor(private readonly repository: StatsRepository) {}

  /** What a day cost on average: in the period, or without payments, in the year before its end. */
  async prices(totals: Totals, { from, to }: Pick<Period, 'from' | 'to'>): Promise<DayPriceList> {
    const inPeriod = await this.repository.dayPrices(totals, from, to);
    return new DayPriceList(
      inPeriod.length > 0 ? inPeriod : await this.repository.dayPrices(totals, addMs(to, -365 * dayMs), to),
    );
  }

  /** What was given in a period, less what was taken back in it. */
  async cost(totals: Totals, period: Period, prices: DayPriceList): Promise<CostDto> {
    const rows = await this.repository.daysByPurpose(totals, period);
    const worthOf = (...purposes: CreditPurpose[]) =>
      prices.toWorth(rows.filter(({ purpose }) => purposes.includes(purpose)));
    const worth = {
      referrer: worthOf('referrer'),
      referred: worthOf('referred'),
      milestones: worthOf('milestone'),
      manual: worthOf('manual'),
      refundsAsCredit: worthOf('refund'),
    };
    return {
      referrer: worth.referrer.days,
      referred: worth.referred.days,
      milestones: worth.milestones.days,
      programme: worthOf('referrer', 'referred', 'milestone'),
      manual: worth.manual.days,
      refundsAsCredit: worth.refundsAsCredit.days,
      worth,
    };
  }

  /** What is still owed, as of the totals of the liability; `statistics` know the weeks before. */
  async liability(
    liability: Totals,
    { statistics, prices }: { statistics: Totals; prices: DayPriceList },
  ): Promise<LiabilityDto> {
    const rows = await this.repository.liability(liability);
    const { items: conversions, ...held } = worthOfKind(rows, 'held', prices);
    const { items: referrals, ...pending } = worthOfKind(rows, 'pending', prices);
    const forecast = forecastUnusedDays(await this.repository.unusedDaysByWeek(statistics));
    const worthOf = unusedDaysWorth(rows, prices);
    return {
      asOf: liability.asOf,
      ahead: toAhead(rows, prices),
      held: { conversions, ...held },
      pending: { referrals, ...pending },
      forecast: forecast && {
        ...forecast,
        weeks: forecast.weeks.map((week) => ({
          ...week,
          worth: { days: worthOf(week.days), low: worthOf(week.low), high: worthOf(week.high) },
        })),
      },
    };
  }

  /** The days that people have ahead. */
  async ahead(liability: Totals, prices: DayPriceList): Promise<AheadDto> {
    return toAhead(await this.repository.liability(liability), prices);
  }
}

function toAhead(rows: readonly LiabilityRow[], prices: DayPriceList): AheadDto {
  const { items: people, ...worth } = worthOfKind(rows, 'ahead', prices);
  return { people, ...worth };
}

function worthOfKind(
  rows: readonly LiabilityRow[],
  kind: LiabilityRow['kind'],
  prices: DayPriceList,
): WorthDto & { items: number } {
  // a total of nothing is a row, too, and would be worth zero of some currency
  const own = rows.filter((row) => row.kind === kind && row.items > 0);
  return { items: own.reduce((sum, { items }) => sum + items, 0), ...prices.toWorth(own) };
}

/** What unused days are worth if each currency has the same share of them as it has now. */
function unusedDaysWorth(rows: readonly LiabilityRow[], prices: DayPriceList): (days: number) => WorthDto {
  const ahead = rows.filter(({ kind }) => kind === 'ahead');
  const all = ahead.reduce((sum, { days }) => sum + days, 0);
  if (all === 0) return (days) => prices.toMainWorth(days);
  return (days) =>
    prices.toWorth(ahead.map((own) => ({ currency: own.currency, days: (own.days / all) * days })));
}
