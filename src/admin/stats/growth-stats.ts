import { Injectable } from '@nestjs/common';
import type { FunnelDto, KFactorDto, SeriesStepDto, TimeToConvertDto } from './stats.dto.js';
import { bucketStarts, type Period } from './period.js';
import { histogramBounds, StatsRepository } from './stats.repository.js';

/** How the programme grows. */
@Injectable()
export class GrowthStats {
  constructor(private readonly repository: StatsRepository) {}

  /** How far the invited of a period have come. */
  async funnel(period: Period): Promise<FunnelDto> {
    const [signedUp, rows] = await Promise.all([
      this.repository.countSignUps(period),
      this.repository.countByStatus(period),
    ]);
    const now = { pending: 0, held: 0, converted: 0, suspended: 0, reversed: 0, rejected: 0 };
    const funnel: FunnelDto = { signedUp, invited: 0, paid: 0, credited: 0, granted: 0, now };
    for (const row of rows) {
      funnel.now[row.status] += row.n;
      funnel.invited += row.n;
      funnel.paid += row.paid;
      funnel.credited += row.credited;
    }
    return { ...funnel, granted: funnel.now.converted };
  }

  /** What happened in each step of a period; also where nothing did. */
  async series(period: Period): Promise<SeriesStepDto[]> {
    const found = await this.repository.series(period);
    const steps = new Map(bucketStarts(period).map((at) => [at.getTime(), emptyStep(at)]));
    for (const { at, ...figures } of found) Object.assign(steps.get(at) ?? {}, figures);
    return [...steps.values()];
  }

  /** How long the first payments of a period took. */
  async timeToConvert(period: Period): Promise<TimeToConvertDto> {
    const row = await this.repository.timeToConvert(period);
    const { within = [], ...figures } = row ?? {
      conversions: 0,
      meanDays: null,
      medianDays: null,
      p90Days: null,
    };
    return {
      ...figures,
      within: [...histogramBounds, null].map((days, index) => ({ days, conversions: within[index] ?? 0 })),
    };
  }

  /**
   * How many people those who joined in a period have referred, and how many of these made a first
   * payment that counts.
   */
  async kFactor(period: Period): Promise<KFactorDto> {
    const { joined, invited, invitedPaying } = await this.repository.countInvitedByJoined(period);
    const each = (count: number) => (joined === 0 ? null : count / joined);
    return { joined, invited, invitedPaying, value: each(invited), paying: each(invitedPaying) };
  }
}

function emptyStep(at: Date): SeriesStepDto {
  return { at, signedUp: 0, invited: 0, converted: 0, daysGiven: 0, daysTaken: 0 };
}
