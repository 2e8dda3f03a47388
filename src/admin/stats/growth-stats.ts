import { Injectable } from '@nestjs/common';
import type { FunnelDto, KFactorDto, TimeToConvertDto } from './stats.dto.js';
import type { Totals } from './totals.js';
import type { Period } from './period.js';
import { StatsRepository, type ConversionsByHours } from './stats.repository.js';

/** The bounds of the histogram, in days. */
export const histogramBounds = [1, 3, 7, 14, 30, 60, 90];

/** How the programme grows. */
@Injectable()
export class GrowthStats {
  constructor(private readonly repository: StatsRepository) {}

  /** How far the invited of a period have come, and how many people its newcomers have referred. */
  async growth(
    totals: Totals,
    period: Period,
  ): Promise<{ funnel: Omit<FunnelDto, 'worth'>; kFactor: KFactorDto }> {
    const opened = await this.repository.countClicks(totals, period);
    const { signedUp, ...joined } = await this.repository.countJoined(totals, period);
    const { invited, paid, credited, paying, creditedDays, ...now } = await this.repository.countInvited(
      totals,
      period,
    );
    const counts = { opened, signedUp, invited, paid, credited, paying, creditedDays };
    return { funnel: { ...counts, granted: now.converted, now }, kFactor: toKFactor(joined) };
  }

  /** How long the first payments of a period took. */
  async timeToConvert(totals: Totals, period: Period): Promise<TimeToConvertDto> {
    const all = await this.repository.conversionsByHours(totals, period);
    return summarizeTimeToConvert(all.filter(({ hours }) => hours >= 0));
  }
}

/**
 * How many people those who joined have referred, and how many of these made a first payment that
 * counts.
 */
function toKFactor(counts: Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'>): KFactorDto {
  const each = (count: number) => (counts.joined === 0 ? null : count / counts.joined);
  return { ...counts, value: each(counts.invited), paying: each(counts.invitedPaying) };
}

/** Median, mean and histogram of times that are sorted by length. */
function summarizeTimeToConvert(times: readonly ConversionsByHours[]): TimeToConvertDto {
  const conversions = times.reduce((sum, own) => sum + own.conversions, 0);
  const totalHours = times.reduce((sum, own) => sum + own.hours * own.conversions, 0);
  const within = [...histogramBounds, null].map((days, index) => {
    const above = histogramBounds[index - 1] ?? -1;
    const isWithin = ({ hours }: ConversionsByHours) =>
      hours > above * 24 && hours <= (days ?? Infinity) * 24;
    return { days, conversions: times.filter(isWithin).reduce((sum, own) => sum + own.conversions, 0) };
  });
  return {
    conversions,
    meanDays: conversions === 0 ? null : totalHours / conversions / 24,
    medianDays: quantileDays(times, conversions, 0.5),
    p90Days: quantileDays(times, conversions, 0.9),
    within,
  };
}

/** A quantile in days, between two payments where it lies between; null without payments. */
function quantileDays(
  times: readonly ConversionsByHours[],
  conversions: number,
  share: number,
): number | null {
  if (conversions === 0) return null;
  const position = share * (conversions - 1);
  const [below, above] = [hoursAt(times, Math.floor(position)), hoursAt(times, Math.ceil(position))];
  return (below + (above - below) * (position - Math.floor(position))) / 24;
}

/** The hours of the payment at a place, the quickest being at 0. */
function hoursAt(times: readonly ConversionsByHours[], place: number): number {
  let before = 0;
  for (const { hours, conversions } of times) {
    before += conversions;
    if (before > place) return hours;
  }
  throw new Error(`There is no payment at place ${place}`);
}
