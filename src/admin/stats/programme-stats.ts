import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Stats } from './figures.js';
import { Growth } from './growth.js';
import { Money } from './money.js';
import { periodOf, type BucketSize } from './period.js';

/** The figures of the programme, gathered. Reads only. */
@Injectable()
export class ProgrammeStats {
  constructor(
    private readonly growth: Growth,
    private readonly money: Money,
    private readonly clock: Clock,
  ) {}

  /** The figures of a period. Errors: `request.invalid`, as {@link periodOf}. */
  async of(asked: {
    from?: string | undefined;
    to?: string | undefined;
    bucket?: BucketSize | undefined;
  }): Promise<Stats> {
    const now = this.clock.now();
    const period = periodOf(asked, now);
    const prices = await this.money.prices(period);
    // one after the other: figures may wait, the connections are wanted by payments
    const funnel = await this.growth.funnel(period);
    const series = await this.growth.series(period);
    const timeToConvert = await this.growth.timeToConvert(period);
    const kFactor = await this.growth.kFactor(period);
    const cost = await this.money.cost(period, prices);
    const liability = await this.money.liability(prices);
    return {
      from: period.from.toISOString(),
      to: period.to.toISOString(),
      bucket: period.bucket,
      asOf: now.toISOString(),
      ...{ funnel, series, timeToConvert, kFactor, cost, liability },
      prices: [...prices.prices],
    };
  }
}
