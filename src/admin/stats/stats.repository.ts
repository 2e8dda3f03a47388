import { Injectable } from '@nestjs/common';
import { localDateOf } from '../../platform/local-dates.js';
import { channelNames } from '../../referral/index.js';
import type {
  BreakdownRowDto,
  ChannelRowDto,
  CohortDto,
  DayPriceDto,
  FunnelDto,
  KFactorDto,
  SeriesStepDto,
  TopInviterDto,
} from './stats.dto.js';
import type { Totals } from './totals.js';
import { lastDate, lastTwelveMonths, stepsOf, type Period, type Step } from './period.js';

/** Days by the currency of the payment they follow from; null where there is none. */
export interface DaysByCurrency {
  currency: string | null;
  days: number;
}

/** What days of credit were given for. */
export type CreditPurpose = 'referrer' | 'referred' | 'milestone' | 'manual' | 'refund';

/** A kind of debt; `items` are accounts, conversions or invitations. */
export type LiabilityRow = DaysByCurrency & { kind: 'ahead' | 'held' | 'pending'; items: number };

/** How many first payments were made so many hours after the sign-up; -1: not known. */
export interface ConversionsByHours {
  hours: number;
  conversions: number;
}

/** What a series counts. */
export type SeriesCount = Exclude<keyof SeriesStepDto, 'at' | 'date' | 'worth'>;
/** A step, before what its days are worth. */
export type SeriesStep = Omit<SeriesStepDto, 'worth'>;

/** Days that a step of a series gave and took, in one currency; `step` is its place, from 0. */
export interface StepDays {
  step: number;
  currency: string | null;
  given: number;
  taken: number;
}

/** A property of invitations by which they are counted. */
export type Dimension = 'terms' | 'campaigns';
/** What came of invitations with one property in common; their worth follows from the days. */
export type BreakdownRow = Omit<BreakdownRowDto, 'worth'>;
/** The same of a channel. */
export type ChannelRow = Omit<ChannelRowDto, 'worth'>;

/** A person, and what came of their invitations. */
export type Inviter = Omit<TopInviterDto, 'worth'>;

const most = { breakdown: 20, inviters: 10 };
/** Sums for each of some steps. */
const eachStep = `unnest($1::timestamptz[], $2::timestamptz[]) WITH ORDINALITY AS step (since, until, place) CROSS JOIN LATERAL`;
const sumOf = (column: string, name: string) => `coalesce(sum(${column}), 0)::float8 AS "${name}"`;
const progress = `${sumOf('invited', 'invited')}, ${sumOf('paid', 'paid')}, ${sumOf('credited', 'credited')}, ${sumOf('paying', 'paying')}, ${sumOf('credited_days', 'creditedDays')}`;
const statuses = `${sumOf('pending', 'pending')}, ${sumOf('held', 'held')}, ${sumOf('converted', 'converted')}, ${sumOf('suspended', 'suspended')}, ${sumOf('reversed', 'reversed')}, ${sumOf('rejected', 'rejected')}`;

/** The statistics of the programme: each is one statement over {@link Totals}. */
@Injectable()
export class StatsRepository {
  /** How often links were opened; counted by days in UTC, here by those of the same dates. */
  async countClicks(totals: Totals, period: Period): Promise<number> {
    const [row] = await totals.query<{ clicks: number }>(
      `SELECT ${sumOf('clicks', 'clicks')} FROM admin.click_totals WHERE day >= $1::date AND day <= $2::date`,
      [localDateOf(period.from, period.timeZone), lastDate(period)],
    );
    return row?.clicks ?? 0;
  }

  /** How the invited of a period have got on, and by status. */
  async countInvited(
    totals: Totals,
    { from, to }: Period,
  ): Promise<
    Pick<FunnelDto, 'invited' | 'paid' | 'credited' | 'paying' | 'creditedDays'> & FunnelDto['now']
  > {
    const [row] = await totals.query<Awaited<ReturnType<StatsRepository['countInvited']>>>(
      `SELECT ${progress}, ${statuses}
         FROM admin.invitation_totals_between($1, $2)`,
      [from, to],
    );
    return assertRow(row);
  }

  /** The people who joined in a period, and whom they have referred since. */
  async countJoined(
    totals: Totals,
    { from, to }: Period,
  ): Promise<Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'> & { signedUp: number }> {
    const [row] = await totals.query<Awaited<ReturnType<StatsRepository['countJoined']>>>(
      `SELECT ${sumOf('signed_up', 'signedUp')}, ${sumOf('joined', 'joined')}, ${sumOf('invited', 'invited')}, ${sumOf('invited_paying', 'invitedPaying')}
         FROM admin.sign_up_totals_between($1, $2)`,
      [from, to],
    );
    return assertRow(row);
  }

  /** What happened in each step of a period; also where nothing did. */
  async series(totals: Totals, period: Period): Promise<SeriesStep[]> {
    const steps = stepsOf(period);
    const counts = await totals.query<Record<SeriesCount, number>>(
      `SELECT own.* FROM ${eachStep} (
         SELECT ${sumOf('signed_up', 'signedUp')}, ${sumOf('invited', 'invited')}, ${sumOf('converted', 'converted')},
           ${daysOf('given_ms', 'daysGiven')}, ${daysOf('taken_ms', 'daysTaken')}
         FROM admin.activity_totals_between(step.since, step.until)) own ORDER BY step.place`,
      bounds(steps),
    );
    return steps.map(({ at, date }, index) => ({ at, date, ...assertRow(counts[index]) }));
  }

  /** The days that each step of a period gave and took, by currency. */
  daysBySteps(totals: Totals, period: Period): Promise<StepDays[]> {
    return totals.query(
      `SELECT (step.place - 1)::integer AS step, own.* FROM ${eachStep} (
         SELECT nullif(currency, '') AS currency, ${daysOf('given_ms', 'given')}, ${daysOf('taken_ms', 'taken')}
         FROM admin.credit_totals_between(step.since, step.until) GROUP BY currency) own`,
      bounds(stepsOf(period)),
    );
  }

  /** How long the first payments of a period took, the quickest first. */
  conversionsByHours(totals: Totals, { from, to }: Period): Promise<ConversionsByHours[]> {
    return totals.query(
      `SELECT hours, sum(conversions)::float8 AS conversions FROM admin.conversion_totals_between($1, $2)
         GROUP BY hours ORDER BY hours`,
      [from, to],
    );
  }

  /** What a day of access cost on average, by currency, the most used first. */
  dayPrices(totals: Totals, from: Date, to: Date): Promise<DayPriceDto[]> {
    return totals.query(
      `SELECT currency, sum(payments)::float8 AS payments, sum(amount::float8) * 86400 / sum(seconds::float8) AS "perDay"
         FROM admin.payment_totals_between($1, $2)
         GROUP BY currency HAVING sum(seconds::float8) > 0 ORDER BY payments DESC, currency`,
      [from, to],
    );
  }

  /** The days that were given in a period, less those that were taken back in it. */
  daysByPurpose(
    totals: Totals,
    { from, to }: Period,
  ): Promise<(DaysByCurrency & { purpose: CreditPurpose })[]> {
    return totals.query(
      `SELECT purpose, nullif(currency, '') AS currency, ${daysOf('given_ms + taken_ms', 'days')}
         FROM admin.credit_totals_between($1, $2) GROUP BY purpose, currency`,
      [from, to],
    );
  }

  /** What is owed, by kind and currency. */
  liability(totals: Totals): Promise<LiabilityRow[]> {
    return totals.query(
      `SELECT kind, nullif(currency, '') AS currency, items::float8 AS items, days FROM admin.liability_totals`,
    );
  }

  /** The unused days of all people at the end of each of the last weeks, the oldest first. */
  async unusedDaysByWeek(totals: Totals): Promise<number[]> {
    const rows = await totals.query<{ days: number }>(
      `SELECT unused_ms / 86400000.0::float8 AS days FROM admin.unused_credit_totals ORDER BY at`,
    );
    return rows.map(({ days }) => days);
  }

  /** The sign-ups of each of the twelve months up to a period's end, and how far they have come. */
  async cohorts(totals: Totals, period: Period): Promise<CohortDto[]> {
    const months = lastTwelveMonths(period);
    const all = await totals.query<Pick<CohortDto, 'signedUp' | 'paid' | 'paying'>>(
      `SELECT own.* FROM ${eachStep} (
         SELECT ${sumOf('signed_up', 'signedUp')}, ${sumOf('paid', 'paid')}, ${sumOf('paying', 'paying')}
         FROM admin.sign_up_totals_between(step.since, step.until)) own ORDER BY step.place`,
      bounds(months),
    );
    const invited = await totals.query<Pick<CohortDto, 'invited' | 'invitedPaid' | 'invitedPaying'>>(
      `SELECT own.* FROM ${eachStep} (
         SELECT ${sumOf('invited', 'invited')}, ${sumOf('paid', 'invitedPaid')}, ${sumOf('paying', 'invitedPaying')}
         FROM admin.invitation_totals_between(step.since, step.until)) own ORDER BY step.place`,
      bounds(months),
    );
    return months.map(({ date }, index) => ({
      ...{ month: date.slice(0, 7), ...assertRow(all[index]), ...assertRow(invited[index]) },
    }));
  }

  /** The invitations of a period by each of their properties, the most used first. */
  async breakdowns(totals: Totals, { from, to }: Period): Promise<Record<Dimension, BreakdownRow[]>> {
    const rows = await totals.query<BreakdownRow & { dimension: Dimension }>(
      `SELECT dimension, name, invited, paid, credited, paying, "creditedDays" FROM (
           SELECT own.*, row_number() OVER (PARTITION BY dimension ORDER BY invited DESC, name) AS place FROM (
             SELECT CASE WHEN grouping(terms_version) = 0 THEN 'terms' ELSE 'campaigns' END AS dimension,
               nullif(coalesce(terms_version::text, campaign), '') AS name, ${progress}
             FROM admin.invitation_group_totals_between($1, $2)
             GROUP BY GROUPING SETS ((terms_version), (campaign))) own) placed
         WHERE place <= ${most.breakdown} ORDER BY dimension, place`,
      [from, to],
    );
    const of = (dimension: Dimension) =>
      rows.filter((row) => row.dimension === dimension).map(({ dimension: _, ...row }) => row);
    return { terms: of('terms'), campaigns: of('campaigns') };
  }

  /**
   * The invitations of a period by channel, the most used first, and how often its links were
   * opened; also where no sign-up followed. What was opened without a channel is what the channels
   * leave of all.
   */
  channels(totals: Totals, period: Period): Promise<ChannelRow[]> {
    return totals.query(
      `SELECT nullif(channel, '') AS name, CASE WHEN channel = '' OR channel = ANY($5) THEN opened END AS opened,
           invited, paid, credited, paying, "creditedDays" FROM (
         SELECT channel, greatest(sum(clicks), 0)::float8 AS opened, ${progress} FROM (
           SELECT channel, 0 AS clicks, invited, paid, credited, paying, credited_days
           FROM admin.invitation_group_totals_between($1, $2)
           UNION ALL
           SELECT opened.channel, opened.clicks, 0, 0, 0, 0, 0
           FROM (SELECT day, channel, clicks FROM admin.channel_click_totals
                 UNION ALL SELECT day, '', -clicks FROM admin.channel_click_totals
                 UNION ALL SELECT day, '', clicks FROM admin.click_totals) opened
           WHERE opened.day >= $3::date AND opened.day <= $4::date) each
         GROUP BY channel) own
       WHERE invited > 0 OR opened > 0 ORDER BY invited DESC, name LIMIT ${most.breakdown}`,
      [
        ...[period.from, period.to, localDateOf(period.from, period.timeZone), lastDate(period)],
        channelNames,
      ],
    );
  }

  /** The people who invited most in a period, of the thousand who have invited most in all. */
  topInviters(totals: Totals, { from, to }: Period): Promise<Inviter[]> {
    return totals.query(
      `SELECT top.inviter_id AS "userId", u.email, u.display_name AS "displayName", top.invited, came.*
         FROM (SELECT f.inviter_id, f.accounts, own.invited FROM admin.inviter_totals f CROSS JOIN LATERAL (
                 SELECT count(*)::integer AS invited FROM admin.referral_time
                 WHERE referrer_id = ANY(f.accounts) AND linked_at >= $1 AND linked_at < $2) own
               WHERE own.invited > 0 ORDER BY own.invited DESC, f.inviter_id LIMIT ${most.inviters}) top
         JOIN admin.user_search u ON u.id = top.inviter_id CROSS JOIN LATERAL (
           SELECT count(conversion_id)::integer AS paid, count(credited_at)::integer AS credited,
             coalesce(sum(referrer_days + referred_days) FILTER (WHERE credited_at IS NOT NULL), 0)::float8 AS "creditedDays"
           FROM admin.referral_stat WHERE referrer_id = ANY(top.accounts) AND linked_at >= $1 AND linked_at < $2) came
         ORDER BY top.invited DESC, top.inviter_id`,
      [from, to],
    );
  }
}

/** As floating-point numbers, which PostgreSQL adds faster; whole milliseconds stay exact. */
const daysOf = (ms: string, name: string) => `coalesce(sum((${ms})::float8), 0) / 86400000 AS "${name}"`;

function bounds(steps: readonly Step[]): [Date[], Date[]] {
  return [steps.map(({ since }) => since), steps.map(({ until }) => until)];
}

function assertRow<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('An aggregate always has a row');
  return row;
}
