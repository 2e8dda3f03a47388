import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { bucketSizes, type BucketSize } from './period.js';

/** Which period, and in which steps. */
export class StatsQuery {
  /** From when: a date (midnight in UTC) or a moment, ISO 8601. Missing: 30 days before `to`. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  from?: string;

  /** Until before when, in the same form. Missing: the end of today in UTC. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  to?: string;

  /** How wide the steps of the series are. Missing: a day. */
  @IsOptional()
  @IsIn(bucketSizes)
  bucket?: BucketSize;
}

/** The invited by status. */
export class InvitedByStatusDto {
  @ApiInteger()
  pending: number;

  @ApiInteger()
  held: number;

  @ApiInteger()
  converted: number;

  @ApiInteger()
  suspended: number;

  @ApiInteger()
  reversed: number;

  @ApiInteger()
  rejected: number;
}

/**
 * Of the people invited in a period: how far they have come by now. Each step is part of the one
 * before.
 */
export class FunnelDto {
  /** Everybody who signed up in the period, invited or not. */
  @ApiInteger()
  signedUp: number;

  @ApiInteger()
  invited: number;

  /** Made a first payment that meets their terms. */
  @ApiInteger()
  paid: number;

  /** Their reward arrived, whatever became of it. */
  @ApiInteger()
  credited: number;

  /** Their reward is granted. */
  @ApiInteger()
  granted: number;

  now: InvitedByStatusDto;
}

/** One step of a series. */
export class SeriesStepDto {
  /** From when. */
  at: Date;

  @ApiInteger()
  signedUp: number;

  @ApiInteger()
  invited: number;

  @ApiInteger()
  converted: number;

  /** Days of the ledger, with decimals. */
  daysGiven: number;

  /** Days that were taken, which are negative. */
  daysTaken: number;
}

/** How many first payments took so long, and more than the step before. */
export class ConvertedWithinDto {
  /** At most so many days; null: longer than all of them. */
  @ApiInteger()
  days: number | null;

  @ApiInteger()
  conversions: number;
}

/** How long first payments of the period took after the sign-up, in days. Null without one. */
export class TimeToConvertDto {
  @ApiInteger()
  conversions: number;

  medianDays: number | null;
  p90Days: number | null;
  meanDays: number | null;
  within: ConvertedWithinDto[];
}

/**
 * How many people those who joined in the period have referred so far. Merged accounts are one
 * person.
 */
export class KFactorDto {
  @ApiInteger()
  joined: number;

  @ApiInteger()
  invited: number;

  /** Made a first payment that counts, whatever became of it. */
  @ApiInteger()
  invitedPaying: number;

  /** Invited by each on average; above 1 it grows by itself. */
  value: number | null;

  /** Paying by each on average. */
  paying: number | null;
}

/** An amount in the smallest unit of its currency. */
export class MoneyDto {
  /** @example eur */
  currency: string;

  @ApiInteger()
  amount: number;
}

/** Days with what they are worth in each currency. */
export class WorthDto {
  days: number;
  money: MoneyDto[];

  /** Of which that is not known. */
  daysWithoutPrice: number;
}

/** What was given in the period, less what was taken back in it, in days. */
export class CostDto {
  referrer: number;
  referred: number;
  milestones: number;

  /** The three above: what the programme cost. */
  programme: WorthDto;

  manual: number;
  refundsAsCredit: number;
}

/** Days of access that people have ahead. */
export class AheadDto extends WorthDto {
  @ApiInteger()
  people: number;
}

/** Rewards that wait for the end of a hold. */
export class HeldRewardsDto extends WorthDto {
  @ApiInteger()
  conversions: number;
}

/** At most, if every invited person paid: before caps, budgets and minimum amounts. */
export class PendingLiabilityDto {
  @ApiInteger()
  referrals: number;

  days: number;
}

/** What is still owed, as of now. */
export class LiabilityDto {
  ahead: AheadDto;
  held: HeldRewardsDto;
  pending: PendingLiabilityDto;
}

/** The average price of a day of access. */
export class DayPriceDto {
  /** @example eur */
  currency: string;

  /** In the smallest unit, with decimals. */
  perDay: number;

  @ApiInteger()
  payments: number;
}

/** The numbers of the programme for a period. */
export class StatsDto {
  from: Date;
  to: Date;
  bucket: BucketSize;

  /** The present of all that is "now". */
  asOf: Date;

  funnel: FunnelDto;
  series: SeriesStepDto[];
  timeToConvert: TimeToConvertDto;
  kFactor: KFactorDto;
  cost: CostDto;
  liability: LiabilityDto;
  prices: DayPriceDto[];
}
