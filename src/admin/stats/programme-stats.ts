import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { ComparisonDto, StatsDto } from './stats.dto.js';
import { CostStats, type DayPriceList } from './cost-stats.js';
import { FiguresStore, type Figures } from './figures.js';
import { GrowthStats } from './growth-stats.js';
import { parsePeriod, periodBefore, type Period, type PeriodRequest } from './period.js';
import { StatsRepository, type BreakdownRow } from './stats.repository.js';

/** The numbers of the programme, gathered. Reads only. */
@Injectable()
export class ProgrammeStats {
  constructor(
    private readonly growthStats: GrowthStats,
    private readonly costStats: CostStats,
    private readonly repository: StatsRepository,
    private readonly figuresStore: FiguresStore,
    private readonly clock: Clock,
  ) {}

  /** The numbers of a period. Errors: `request.invalid`, as {@link parsePeriod}. */
  async forPeriod(asked: PeriodRequest): Promise<StatsDto> {
    const period = parsePeriod(asked, this.clock.now());
    const figures = await this.figuresStore.open('statistics');
    // one after the other: numbers may wait, the connections are wanted by payments
    const prices = await this.costStats.prices(figures, period);
    const { from, to, bucket, timeZone } = period;
    return {
      ...{ from, to, bucket, timeZone, asOf: figures.asOf },
      funnel: await this.growthStats.funnel(figures, period),
      series: await this.growthStats.series(figures, period),
      timeToConvert: await this.growthStats.timeToConvert(figures, period),
      kFactor: await this.growthStats.kFactor(figures, period),
      cost: await this.costStats.cost(figures, period, prices),
      before: await this.compare(figures, periodBefore(period)),
      cohorts: await this.repository.cohorts(figures, period),
      ...(await this.breakdowns(figures, period, prices)),
      topInviters: await this.topInviters(figures, period, prices),
      liability: await this.costStats.liability(await this.figuresStore.open('liability'), {
        statistics: figures,
        prices,
      }),
      prices: [...prices.prices],
    };
  }

  private async compare(figures: Figures, period: Period): Promise<ComparisonDto> {
    const { opened, signedUp, invited, paid, credited, paying } = await this.growthStats.funnel(
      figures,
      period,
    );
    const { programme } = await this.costStats.cost(
      figures,
      period,
      await this.costStats.prices(figures, period),
    );
    const { from, to } = period;
    return { from, to, opened, signedUp, invited, paid, credited, paying, programme };
  }

  private async breakdowns(
    figures: Figures,
    period: Period,
    prices: DayPriceList,
  ): Promise<Pick<StatsDto, 'terms' | 'campaigns' | 'channels'>> {
    const { terms, campaigns, channels } = await this.repository.breakdowns(figures, period);
    const withWorth = (rows: BreakdownRow[]) =>
      rows.map((row) => ({ ...row, worth: prices.toMainWorth(row.creditedDays) }));
    return { terms: withWorth(terms), campaigns: withWorth(campaigns), channels: withWorth(channels) };
  }

  private async topInviters(
    figures: Figures,
    period: Period,
    prices: DayPriceList,
  ): Promise<StatsDto['topInviters']> {
    const rows = await this.repository.topInviters(figures, period);
    return rows.map((row) => ({ ...row, worth: prices.toMainWorth(row.creditedDays) }));
  }
}
