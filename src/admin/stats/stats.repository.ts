import { Injectable } from '@nestjs/common';
import { localDateOf, type LocalDate } from '../../platform/local-dates.js';
import type {
  BreakdownRowDto,
  CohortDto,
  DayPriceDto,
  FunnelDto,
  KFactorDto,
  SeriesStepDto,
  TopInviterDto,
} from './stats.dto.js';
import type { Figures, FiguresName } from './figures.js';
import { lastDate, lastTwelveMonths, type Period } from './period.js';

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

/** What was counted on a day. */
export type DayCounts = { date: LocalDate } & Partial<Record<SeriesCount, number>>;
/** What a series counts. */
export type SeriesCount = Exclude<keyof SeriesStepDto, 'at' | 'date'>;

/** What invitations can be told apart by. */
export type Dimension = 'terms' | 'campaigns' | 'channels';
/** What came of invitations with one property in common; their worth follows from the days. */
export type BreakdownRow = Omit<BreakdownRowDto, 'worth'>;

/** A person, and what came of their invitations. */
export type Inviter = Omit<TopInviterDto, 'worth'>;

const most = { breakdown: 20, inviters: 10 };
const inPeriod = `at >= $1 AND at < $2`;
const stepCounts = ['pending', 'held', 'converted', 'suspended', 'reversed', 'rejected'] as const;
const sumOf = (column: string, name = column) => `coalesce(sum(${column}), 0)::float8 AS "${name}"`;
const progress = [
  sumOf('invited'),
  sumOf('paid'),
  sumOf('credited'),
  sumOf('paying'),
  sumOf('credited_days', 'creditedDays'),
].join(', ');

/** The statistics of the programme: each is one statement over {@link Figures}. */
@Injectable()
export class StatsRepository {
  /** How often links were opened; counted by days in UTC, here by those of the same dates. */
  async countClicks(figures: Figures, period: Period): Promise<number> {
    const [row] = await figures.query<{ clicks: number }>(
      (from) =>
        `SELECT ${sumOf('clicks')} FROM ${from('click_figures')} WHERE day >= $1::date AND day <= $2::date`,
      [localDateOf(period.from, period.timeZone), lastDate(period)],
    );
    return row?.clicks ?? 0;
  }

  /** How the invited of a period have got on, and by status. */
  async countInvited(
    figures: Figures,
    { from, to }: Period,
  ): Promise<
    Pick<FunnelDto, 'invited' | 'paid' | 'credited' | 'paying' | 'creditedDays'> & FunnelDto['now']
  > {
    const [row] = await figures.query<Awaited<ReturnType<StatsRepository['countInvited']>>>(
      (source) =>
        `SELECT ${progress}, ${stepCounts.map((name) => sumOf(name)).join(', ')}
         FROM ${source('invitation_figures')} WHERE ${inPeriod}`,
      [from, to],
    );
    return assertRow(row);
  }

  /** The people who joined in a period, and whom they have referred since. */
  async countJoined(
    figures: Figures,
    { from, to }: Period,
  ): Promise<Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'> & { signedUp: number }> {
    const [row] = await figures.query<Awaited<ReturnType<StatsRepository['countJoined']>>>(
      (source) =>
        `SELECT ${sumOf('signed_up', 'signedUp')}, ${sumOf('joined')}, ${sumOf('invited')}, ${sumOf('invited_paying', 'invitedPaying')}
         FROM ${source('sign_up_figures')} WHERE ${inPeriod}`,
      [from, to],
    );
    return assertRow(row);
  }

  /** What happened on the days of a period; not where nothing did. */
  async series(figures: Figures, { from, to, timeZone }: Period): Promise<DayCounts[]> {
    const read = (name: FiguresName, columns: Partial<Record<SeriesCount, string>>) => {
      const ofMoments = Object.entries(columns).map(([as, sql]) => `sum(${sql}) AS "${as}"`);
      const ofDays = Object.keys(columns).map((as) => `sum("${as}")::float8 AS "${as}"`);
      return figures.query<DayCounts>(
        (source) =>
          // the date of a moment is computed once, however many rows it has
          `SELECT to_char((at AT TIME ZONE $3)::date, 'YYYY-MM-DD') AS date, ${ofDays.join(', ')} FROM (
             SELECT at, ${ofMoments.join(', ')} FROM ${source(name)} WHERE ${inPeriod} GROUP BY at) moments
           GROUP BY (at AT TIME ZONE $3)::date`,
        [from, to, timeZone],
      );
    };
    return [
      ...(await read('sign_up_figures', { signedUp: 'signed_up' })),
      ...(await read('invitation_figures', { invited: 'invited' })),
      ...(await read('conversion_figures', { converted: 'conversions' })),
      ...(await read('credit_figures', {
        daysGiven: 'given_ms::float8 / 86400000',
        daysTaken: 'taken_ms::float8 / 86400000',
      })),
    ];
  }

  /** How long the first payments of a period took, the quickest first. */
  conversionsByHours(figures: Figures, { from, to }: Period): Promise<ConversionsByHours[]> {
    return figures.query(
      (source) =>
        `SELECT hours, sum(conversions)::float8 AS conversions FROM ${source('conversion_figures')}
         WHERE ${inPeriod} GROUP BY hours ORDER BY hours`,
      [from, to],
    );
  }

  /** What a day of access cost on average, by currency, the most used first. */
  dayPrices(figures: Figures, from: Date, to: Date): Promise<DayPriceDto[]> {
    return figures.query(
      (source) =>
        `SELECT currency, sum(payments)::float8 AS payments, sum(amount::float8) * 86400 / sum(seconds::float8) AS "perDay"
         FROM ${source('payment_figures')} WHERE ${inPeriod}
         GROUP BY currency HAVING sum(seconds::float8) > 0 ORDER BY payments DESC, currency`,
      [from, to],
    );
  }

  /** The days that were given in a period, less those that were taken back in it. */
  daysByPurpose(
    figures: Figures,
    { from, to }: Period,
  ): Promise<(DaysByCurrency & { purpose: CreditPurpose })[]> {
    return figures.query(
      (source) =>
        `SELECT purpose, nullif(currency, '') AS currency, ${daysOf('given_ms + taken_ms', 'days')}
         FROM ${source('credit_figures')} WHERE ${inPeriod} GROUP BY purpose, currency`,
      [from, to],
    );
  }

  /** What is owed, by kind and currency. */
  liability(figures: Figures): Promise<LiabilityRow[]> {
    return figures.query(
      (source) =>
        `SELECT kind, nullif(currency, '') AS currency, items::float8 AS items, days FROM ${source('liability_figures')}`,
    );
  }

  /** The unused days of all people at the end of each of the last weeks, the oldest first. */
  async unusedDaysByWeek(figures: Figures): Promise<number[]> {
    const rows = await figures.query<{ days: number }>(
      (source) =>
        `SELECT unused_ms / 86400000.0::float8 AS days FROM ${source('unused_credit_figures')} ORDER BY at`,
    );
    return rows.map(({ days }) => days);
  }

  /** The sign-ups of the last twelve months of a period, month by month, and how far they have come. */
  async cohorts(figures: Figures, period: Period): Promise<CohortDto[]> {
    const months = lastTwelveMonths(period);
    const parameters = [`${months[0]}-01`, period.to, period.timeZone];
    const read = <Row>(name: 'sign_up_figures' | 'invitation_figures', columns: string) =>
      figures.query<Row & { month: string }>(
        (source) =>
          `SELECT to_char(at AT TIME ZONE $3, 'YYYY-MM') AS month, ${columns} FROM ${source(name)}
           WHERE at >= $1::timestamp AT TIME ZONE $3 AND at < $2 GROUP BY 1`,
        parameters,
      );
    const all = await read<Partial<CohortDto>>(
      'sign_up_figures',
      `${sumOf('signed_up', 'signedUp')}, ${sumOf('paid')}, ${sumOf('paying')}`,
    );
    const invited = await read<Partial<CohortDto>>(
      'invitation_figures',
      `${sumOf('invited')}, ${sumOf('paid', 'invitedPaid')}, ${sumOf('paying', 'invitedPaying')}`,
    );
    const byMonth = new Map(months.map((month) => [month, emptyCohort(month)]));
    for (const { month, ...counts } of [...all, ...invited]) Object.assign(byMonth.get(month) ?? {}, counts);
    return [...byMonth.values()];
  }

  /** The invitations of a period by each of their properties, the most used first. */
  async breakdowns(figures: Figures, { from, to }: Period): Promise<Record<Dimension, BreakdownRow[]>> {
    const rows = await figures.query<BreakdownRow & { dimension: Dimension }>(
      (source) =>
        `SELECT dimension, name, invited, paid, credited, paying, "creditedDays" FROM (
           SELECT own.*, row_number() OVER (PARTITION BY dimension ORDER BY invited DESC, name) AS place FROM (
             SELECT CASE WHEN grouping(terms_version) = 0 THEN 'terms' WHEN grouping(campaign) = 0 THEN 'campaigns' ELSE 'channels' END AS dimension,
               nullif(coalesce(terms_version::text, campaign, channel), '') AS name, ${progress}
             FROM ${source('invitation_group_figures')} WHERE ${inPeriod}
             GROUP BY GROUPING SETS ((terms_version), (campaign), (channel))) own) placed
         WHERE place <= ${most.breakdown} ORDER BY dimension, place`,
      [from, to],
    );
    const of = (dimension: Dimension) =>
      rows.filter((row) => row.dimension === dimension).map(({ dimension: _, ...row }) => row);
    return { terms: of('terms'), campaigns: of('campaigns'), channels: of('channels') };
  }

  /** The people who invited most in a period, of the thousand who have invited most in all. */
  topInviters(figures: Figures, { from, to }: Period): Promise<Inviter[]> {
    return figures.query(
      (source) =>
        `SELECT top.inviter_id AS "userId", u.email, u.display_name AS "displayName", top.invited, came.*
         FROM (SELECT f.inviter_id, f.accounts, own.invited FROM ${source('inviter_figures')} f CROSS JOIN LATERAL (
                 SELECT count(*)::integer AS invited FROM admin.referral_stat
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

/** As floating-point numbers, which PostgreSQL adds faster; whole numbers of milliseconds stay exact. */
const daysOf = (ms: string, name: string) => `coalesce(sum((${ms})::float8), 0) / 86400000 AS "${name}"`;

function emptyCohort(month: string): CohortDto {
  return { month, signedUp: 0, paid: 0, paying: 0, invited: 0, invitedPaid: 0, invitedPaying: 0 };
}

function assertRow<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('An aggregate always has a row');
  return row;
}
