import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { StatsDto } from './stats.dto.js';
import { GrowthStats } from './growth-stats.js';
import { CostStats } from './cost-stats.js';
import { parsePeriod, type BucketSize } from './period.js';

/** The numbers of the programme, gathered. Reads only. */
@Injectable()
export class ProgrammeStats {
  constructor(
    private readonly growthStats: GrowthStats,
    private readonly costStats: CostStats,
    private readonly clock: Clock,
  ) {}

  /** The numbers of a period. Errors: `request.invalid`, as {@link parsePeriod}. */
  async forPeriod(asked: {
    from?: string | undefined;
    to?: string | undefined;
    bucket?: BucketSize | undefined;
  }): Promise<StatsDto> {
    const now = this.clock.now();
    const period = parsePeriod(asked, now);
    const prices = await this.costStats.prices(period);
    // one after the other: numbers may wait, the connections are wanted by payments
    const funnel = await this.growthStats.funnel(period);
    const series = await this.growthStats.series(period);
    const timeToConvert = await this.growthStats.timeToConvert(period);
    const kFactor = await this.growthStats.kFactor(period);
    const cost = await this.costStats.cost(period, prices);
    const liability = await this.costStats.liability(prices);
    return {
      from: period.from,
      to: period.to,
      bucket: period.bucket,
      asOf: now,
      ...{ funnel, series, timeToConvert, kFactor, cost, liability },
      prices: [...prices.prices],
    };
  }
}
