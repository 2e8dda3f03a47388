import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
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

/** Of the people invited in a period: how far they have come by now. Each step is part of the one before. */
export interface Funnel {
  /** Everybody who signed up in the period, invited or not. */
  signedUp: number;
  invited: number;
  /** Made a first payment that meets their terms. */
  paid: number;
  /** Their reward arrived, whatever became of it. */
  credited: number;
  /** Their reward stands. */
  granted: number;
  /** The invited by how they stand. */
  now: {
    pending: number;
    held: number;
    converted: number;
    suspended: number;
    reversed: number;
    rejected: number;
  };
}

/** One step of a series: what happened from `at` (ISO 8601) on. Days are those of the ledger; taken ones are negative. */
export interface SeriesStep {
  at: string;
  signedUp: number;
  invited: number;
  converted: number;
  daysGiven: number;
  daysTaken: number;
}

/** How long first payments of the period took after the sign-up, in days. Null without one. */
export interface TimeToConvert {
  conversions: number;
  medianDays: number | null;
  p90Days: number | null;
  meanDays: number | null;
  /** How many took at most so many days, and more than the one before; null: longer than all of them. */
  within: { days: number | null; conversions: number }[];
}

/**
 * How many people those who joined in the period have brought so far, each on average; above 1 it grows by itself. Paying are
 * those who made a first payment that counts, as in {@link Funnel}, whatever became of it. Merged accounts are one person.
 */
export interface KFactor {
  joined: number;
  invited: number;
  invitedPaying: number;
  value: number | null;
  paying: number | null;
}

/** Days with what they are worth in each currency, in the smallest unit; `daysWithoutPrice`: of which that is not known. */
export interface Worth {
  days: number;
  money: { currency: string; amount: number }[];
  daysWithoutPrice: number;
}

/** What was given in the period, less what was taken back in it. */
export interface Cost {
  referrer: number;
  referred: number;
  milestones: number;
  /** The three above: what the programme cost. */
  programme: Worth;
  manual: number;
  refundsAsCredit: number;
}

/** What is still owed, as of now. */
export interface Liability {
  /** Days of access that people have ahead. */
  ahead: Worth & { people: number };
  /** Rewards that wait for the end of a hold. */
  held: Worth & { conversions: number };
  /** At most, if every invited person paid: before caps, budgets and minimum amounts. */
  pending: { referrals: number; days: number };
}

/** The average price of a day of access, in the smallest unit. */
export interface DayPrice {
  currency: string;
  perDay: number;
  payments: number;
}

/** The numbers of the programme for a period. `asOf` is the present of all that is "now". */
export interface StatsDto {
  from: string;
  to: string;
  bucket: 'day' | 'week' | 'month';
  asOf: string;
  funnel: Funnel;
  series: SeriesStep[];
  timeToConvert: TimeToConvert;
  kFactor: KFactor;
  cost: Cost;
  liability: Liability;
  prices: DayPrice[];
}
