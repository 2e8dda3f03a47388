import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { AheadDto, ComparisonDto, StatsDto } from './stats.dto.js';
import { CostStats, DayPriceList } from './cost-stats.js';
import { TotalsStore, type Totals } from './totals.js';
import { GrowthStats } from './growth-stats.js';
import { parsePeriod, periodBefore, type Period, type PeriodRequest } from './period.js';
import { StatsRepository } from './stats.repository.js';

/** Unused days of credit, as of when they were added up. */
export type UnusedDays = AheadDto & { asOf: Date };

/** The numbers of the programme, gathered. Reads only. */
@Injectable()
export class ProgrammeStats {
  constructor(
    private readonly growthStats: GrowthStats,
    private readonly costStats: CostStats,
    private readonly repository: StatsRepository,
    private readonly totalsStore: TotalsStore,
    private readonly clock: Clock,
  ) {}

  /** The numbers of a period. Errors: `request.invalid`, as {@link parsePeriod}. */
  async forPeriod(asked: PeriodRequest): Promise<StatsDto> {
    const period = parsePeriod(asked, this.clock.now());
    const totals = await this.totalsStore.open('statistics');
    // one after the other: numbers may wait, the connections are wanted by payments
    const prices = await this.costStats.prices(totals, period);
    const { from, to, bucket, timeZone } = period;
    const { funnel, kFactor } = await this.growthStats.growth(totals, period);
    return {
      ...{ from, to, bucket, timeZone, asOf: totals.asOf },
      funnel: { ...funnel, worth: prices.toMainWorth(funnel.creditedDays) },
      kFactor,
      series: await this.series(totals, period, prices),
      timeToConvert: await this.growthStats.timeToConvert(totals, period),
      cost: await this.costStats.cost(totals, period, prices),
      before: await this.compare(totals, periodBefore(period)),
      cohorts: await this.repository.cohorts(totals, period),
      ...(await this.breakdowns(totals, period, prices)),
      topInviters: await this.topInviters(totals, period, prices),
      liability: await this.costStats.liability(await this.totalsStore.open('liability'), {
        statistics: totals,
        prices,
      }),
      prices: [...prices.prices],
    };
  }

  /** The days that people have ahead and what they are worth; null while that is not stored yet. */
  async unusedDays(): Promise<UnusedDays | null> {
    const liability = await this.totalsStore.find('liability');
    if (liability === null) return null;
    const statistics = await this.totalsStore.find('statistics');
    const prices =
      statistics === null
        ? new DayPriceList([])
        : await this.costStats.prices(statistics, parsePeriod({}, this.clock.now()));
    return { ...(await this.costStats.ahead(liability, prices)), asOf: liability.asOf };
  }

  private async series(totals: Totals, period: Period, prices: DayPriceList): Promise<StatsDto['series']> {
    const steps = await this.repository.series(totals, period);
    const days = Map.groupBy(await this.repository.daysBySteps(totals, period), ({ step }) => step);
    const worthOf = (index: number, kind: 'given' | 'taken') =>
      prices.toWorth(
        (days.get(index) ?? [])
          .map((own) => ({ currency: own.currency, days: own[kind] }))
          .filter((own) => own.days !== 0),
      );
    return steps.map((step, index) => ({
      ...step,
      worth: { given: worthOf(index, 'given'), taken: worthOf(index, 'taken') },
    }));
  }

  private async compare(totals: Totals, period: Period): Promise<ComparisonDto> {
    const { funnel } = await this.growthStats.growth(totals, period);
    const { programme } = await this.costStats.cost(
      totals,
      period,
      await this.costStats.prices(totals, period),
    );
    const { from, to } = period;
    const { opened, signedUp, invited, paid, credited, paying } = funnel;
    return { from, to, opened, signedUp, invited, paid, credited, paying, programme };
  }

  private async breakdowns(
    totals: Totals,
    period: Period,
    prices: DayPriceList,
  ): Promise<Pick<StatsDto, 'terms' | 'campaigns' | 'channels'>> {
    const { terms, campaigns } = await this.repository.breakdowns(totals, period);
    const channels = await this.repository.channels(totals, period);
    const withWorth = <Row extends { creditedDays: number }>(rows: Row[]) =>
      rows.map((row) => ({ ...row, worth: prices.toMainWorth(row.creditedDays) }));
    return { terms: withWorth(terms), campaigns: withWorth(campaigns), channels: withWorth(channels) };
  }

  private async topInviters(
    totals: Totals,
    period: Period,
    prices: DayPriceList,
  ): Promise<StatsDto['topInviters']> {
    const rows = await this.repository.topInviters(totals, period);
    return rows.map((row) => ({ ...row, worth: prices.toMainWorth(row.creditedDays) }));
  }
}
