import { IsIn, IsOptional, IsString, IsTimeZone, MaxLength } from 'class-validator';
import { ApiId, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { bucketSizes, type BucketSize } from './period.js';

/** Which period, and in which steps. */
export class StatsQuery {
  /**
   * From when: a date (from its beginning in the time zone) or a moment (from the quarter of an
   * hour that it lies in), ISO 8601. Missing: 30 days before `to`.
   */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  from?: string;

  /** Until before when, in the same form. Missing: the end of today. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  to?: string;

  /** How wide the steps of the series are. Missing: a day. */
  @IsOptional()
  @IsIn(bucketSizes)
  bucket?: BucketSize;

  /** Whose days these are, such as Europe/Berlin. Missing: UTC. */
  @IsOptional()
  @IsTimeZone()
  @MaxLength(64)
  timeZone?: string;
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

/** How far people came. */
export class FunnelStepsDto {
  /** How often links were opened, counted by days in UTC. Openings, not people. */
  @ApiInteger()
  opened: number;

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

  /** Paid, and pay still. */
  @ApiInteger()
  paying: number;
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

/**
 * Of the people invited in a period: how far they have come by now. Each step is part of the one
 * before.
 */
export class FunnelDto extends FunnelStepsDto {
  /** The days that the credited and their inviters were given. */
  @ApiInteger()
  creditedDays: number;

  /** What these days are worth. */
  worth: WorthDto;

  /** Their reward is granted. */
  @ApiInteger()
  granted: number;

  now: InvitedByStatusDto;
}

/** What the days of a step are worth. */
export class SeriesWorthDto {
  given: WorthDto;

  /** Negative, as the days are. */
  taken: WorthDto;
}

/** One step of a series. */
export class SeriesStepDto {
  /** From when. */
  at: Date;

  /**
   * The day on which it begins, in the time zone.
   *
   * @example 2026-11-01
   */
  date: string;

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

  worth: SeriesWorthDto;
}

/** How many first payments took so long, and more than the step before. */
export class ConvertedWithinDto {
  /** At most so many days; null: longer than all of them. */
  @ApiInteger()
  days: number | null;

  @ApiInteger()
  conversions: number;
}

/**
 * How long first payments of the period took after the sign-up, in days, from whole hours. Null
 * without one.
 */
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

/** What the days of each purpose are worth. */
export class CostWorthDto {
  referrer: WorthDto;
  referred: WorthDto;
  milestones: WorthDto;
  manual: WorthDto;
  refundsAsCredit: WorthDto;
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
  worth: CostWorthDto;
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
export class PendingLiabilityDto extends WorthDto {
  @ApiInteger()
  referrals: number;
}

/** What the days of a forecast are worth, by the currencies of the days that are unused now. */
export class ForecastWorthDto {
  days: WorthDto;
  low: WorthDto;
  high: WorthDto;
}

/** The unused days so many weeks from now: what is expected, and in 8 of 10 cases between. */
export class ForecastWeekDto {
  @ApiInteger()
  week: number;

  days: number;
  low: number;
  high: number;
  worth: ForecastWorthDto;
}

/** How the unused days are likely to change in 91 days. */
export class ForecastDto {
  /** The unused days at the end of each past week, the last one now. */
  past: number[];

  /** By how much an ordinary week changes them. */
  weeklyChange: number;

  weeks: ForecastWeekDto[];
}

/** What is still owed. */
export class LiabilityDto {
  asOf: Date;
  ahead: AheadDto;
  held: HeldRewardsDto;
  pending: PendingLiabilityDto;

  /** Null until there are eight weeks to learn from. */
  forecast: ForecastDto | null;
}

/** The same totals of the period of as many days before. */
export class ComparisonDto extends FunnelStepsDto {
  from: Date;
  to: Date;
  programme: WorthDto;
}

/** Everybody who signed up in a month of the time zone, and how far they have come. */
export class CohortDto {
  /** @example 2026-11 */
  month: string;

  @ApiInteger()
  signedUp: number;

  @ApiInteger()
  paid: number;

  @ApiInteger()
  paying: number;

  /** Of whom with an invitation; then of these. */
  @ApiInteger()
  invited: number;

  @ApiInteger()
  invitedPaid: number;

  @ApiInteger()
  invitedPaying: number;
}

/** The invited of the period that have one property in common. */
export class BreakdownRowDto {
  /** Null: those without. */
  name: string | null;

  @ApiInteger()
  invited: number;

  @ApiInteger()
  paid: number;

  @ApiInteger()
  credited: number;

  @ApiInteger()
  paying: number;

  @ApiInteger()
  creditedDays: number;

  worth: WorthDto;
}

/** The invited of the period by the way in which the link was shared, or else by its source. */
export class ChannelRowDto extends BreakdownRowDto {
  /**
   * How often links with this channel were opened, counted by days in UTC; of null: links without
   * one. Null for a source, by which openings are not counted.
   */
  @ApiInteger()
  opened: number | null;
}

/** Who invited most in the period. */
export class TopInviterDto {
  @ApiId()
  userId: string;

  email: string | null;
  displayName: string | null;

  @ApiInteger()
  invited: number;

  @ApiInteger()
  paid: number;

  @ApiInteger()
  credited: number;

  @ApiInteger()
  creditedDays: number;

  worth: WorthDto;
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
  timeZone: string;

  /**
   * The present of all that is "now". With many people the totals are stored every hour, and this
   * is when.
   */
  asOf: Date;

  funnel: FunnelDto;
  series: SeriesStepDto[];
  timeToConvert: TimeToConvertDto;
  kFactor: KFactorDto;
  cost: CostDto;
  before: ComparisonDto;

  /** The twelve months of which the last one is that of the period's end. */
  cohorts: CohortDto[];

  /** By version of the terms, campaign and channel of the link: at most 20 rows each. */
  terms: BreakdownRowDto[];
  campaigns: BreakdownRowDto[];
  channels: ChannelRowDto[];

  /** At most ten, as of now. */
  topInviters: TopInviterDto[];

  liability: LiabilityDto;
  prices: DayPriceDto[];
}
