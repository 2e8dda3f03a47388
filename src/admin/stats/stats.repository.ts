import { Injectable } from '@nestjs/common';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import type {
  DayPriceDto,
  FunnelDto,
  KFactorDto,
  LiabilityDto,
  SeriesStepDto,
  TimeToConvertDto,
} from './stats.dto.js';
import type { Period } from './period.js';

/** The bounds of the histogram, in days. */
export const histogramBounds = [1, 3, 7, 14, 30, 60, 90];
const histogramColumns = [...histogramBounds, Infinity]
  .map(
    (bound, index) =>
      `count(*) FILTER (WHERE days <= '${bound}' AND days > ${histogramBounds[index - 1] ?? -1})`,
  )
  .join(', ');

const msPerDay = `86400000.0`;

/** Days by the currency of the payment they follow from; null where there is none. */
export interface DaysByCurrency {
  currency: string | null;
  days: number;
}

/** What days of credit were given for. */
export type CreditPurpose = 'referrer' | 'referred' | 'milestone' | 'manual' | 'refund';

/**
 * The statistics of the programme: each is one statement over a whole period, on a replica where
 * there is one.
 */
@Injectable()
export class StatsRepository {
  constructor(private readonly replicaReads: ReplicaReads) {}

  /** How many people signed up in a period. */
  async countSignUps({ from, to }: Period): Promise<number> {
    const [people] = await this.replicaReads.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM admin.sign_up WHERE created_at >= $1 AND created_at < $2`,
      [from, to],
    );
    return people?.n ?? 0;
  }

  /** The invited of a period by status. */
  countByStatus({
    from,
    to,
  }: Period): Promise<{ status: keyof FunnelDto['now']; paid: number; credited: number; n: number }[]> {
    return this.replicaReads.query(
      `SELECT status, count(*)::integer AS n, count(conversion_id)::integer AS paid,
           count(credited_at)::integer AS credited
         FROM admin.referral_stat WHERE linked_at >= $1 AND linked_at < $2 GROUP BY status`,
      [from, to],
    );
  }

  /** What happened in the steps of a period, by their beginning; not where nothing did. */
  async series(period: Period): Promise<({ at: number } & Partial<Omit<SeriesStepDto, 'at'>>)[]> {
    const count = (view: string, moment: string, name: string) =>
      this.queryBuckets(period, { view, moment, columns: `count(*)::integer AS "${name}"` });
    const days = (name: string, sign: string) =>
      `(coalesce(sum(duration_ms) FILTER (WHERE duration_ms ${sign} 0), 0) / 86400000.0)::float8 AS "${name}"`;
    const columns = `${days('daysGiven', '>')}, ${days('daysTaken', '<')}`;
    const found = await Promise.all([
      count('admin.sign_up', 'created_at', 'signedUp'),
      count('admin.referral_stat', 'linked_at', 'invited'),
      count('admin.referral_stat', 'converted_at', 'converted'),
      this.queryBuckets(period, { view: 'admin.credit_entry', moment: 'at', columns }),
    ]);
    return found.flat();
  }

  private queryBuckets(
    { from, to, bucket }: Period,
    { view, moment, columns }: { view: string; moment: string; columns: string },
  ): Promise<({ at: number } & Partial<Omit<SeriesStepDto, 'at'>>)[]> {
    return this.replicaReads.query(
      `SELECT extract(epoch FROM date_trunc($3, ${moment}, 'UTC'))::float8 * 1000 AS at, ${columns}
       FROM ${view} WHERE ${moment} >= $1 AND ${moment} < $2 GROUP BY 1`,
      [from, to, bucket],
    );
  }

  /**
   * How long the first payments of a period took; `within` counts them by {@link histogramBounds}
   * and above.
   */
  async timeToConvert({
    from,
    to,
  }: Period): Promise<(Omit<TimeToConvertDto, 'within'> & { within: number[] }) | undefined> {
    const [row] = await this.replicaReads.query<Omit<TimeToConvertDto, 'within'> & { within: number[] }>(
      `SELECT count(*)::integer AS conversions, avg(days) AS "meanDays",
         percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS "medianDays",
         percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS "p90Days",
         ARRAY[${histogramColumns}]::integer[] AS within
       FROM (SELECT greatest(0, extract(epoch FROM paid_at - linked_at) / 86400)::float8 AS days
             FROM admin.referral_stat WHERE converted_at >= $1 AND converted_at < $2 AND paid_at IS NOT NULL) AS each`,
      [from, to],
    );
    return row;
  }

  /** How many people joined in a period, and whom they have referred since. */
  async countInvitedByJoined({
    from,
    to,
  }: Period): Promise<Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'>> {
    const [row] = await this.replicaReads.query<Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'>>(
      `SELECT (SELECT count(*)::integer FROM admin.sign_up WHERE created_at >= $1 AND created_at < $2 AND NOT is_merged) AS joined,
         count(*)::integer AS invited, count(conversion_id)::integer AS "invitedPaying"
       FROM admin.referrer_account JOIN admin.referral_stat ON referrer_id = account_id
       WHERE joined_at >= $1 AND joined_at < $2`,
      [from, to],
    );
    return row ?? { joined: 0, invited: 0, invitedPaying: 0 };
  }

  /** What a day of access cost on average, by currency, the most used first. */
  dayPrices(from: Date, to: Date): Promise<DayPriceDto[]> {
    return this.replicaReads.query(
      `SELECT currency, count(*)::integer AS payments,
         (sum(amount_paid) / (sum(extract(epoch FROM period)) / 86400))::float8 AS "perDay"
       FROM admin.invoice_period WHERE paid_at >= $1 AND paid_at < $2 GROUP BY currency ORDER BY payments DESC, currency`,
      [from, to],
    );
  }

  /** The days that were given in a period, less those that were taken back in it. */
  daysByPurpose({ from, to }: Period): Promise<(DaysByCurrency & { purpose: CreditPurpose })[]> {
    return this.replicaReads.query<DaysByCurrency & { purpose: CreditPurpose }>(
      `SELECT purpose, currency, (sum(duration_ms) / ${msPerDay})::float8 AS days FROM admin.credit_entry
       WHERE at >= $1 AND at < $2 GROUP BY purpose, currency`,
      [from, to],
    );
  }

  /** The days that people have ahead of `now`. */
  remainingDays(now: Date): Promise<(DaysByCurrency & { people: number })[]> {
    return this.replicaReads.query<DaysByCurrency & { people: number }>(
      `SELECT currency, count(*)::integer AS people,
           (sum(extract(epoch FROM until - $1::timestamptz)) / 86400)::float8 AS days
         FROM admin.remaining_credit WHERE until > $1 GROUP BY currency`,
      [now],
    );
  }

  /** The days of rewards that wait for the end of a hold. */
  heldDays(): Promise<(DaysByCurrency & { conversions: number })[]> {
    return this.replicaReads.query<DaysByCurrency & { conversions: number }>(
      `SELECT currency, count(*)::integer AS conversions, sum(referrer_days + referred_days)::float8 AS days
         -- the state is indexed, the status is computed
         FROM admin.referral_stat WHERE state = 'held' AND status = 'held' GROUP BY currency`,
    );
  }

  /** The days that would be given if every invited person paid. */
  async pendingDays(): Promise<LiabilityDto['pending']> {
    const [pending] = await this.replicaReads.query<LiabilityDto['pending']>(
      `SELECT count(*)::integer AS referrals, coalesce(sum(referrer_days + referred_days), 0)::float8 AS days
         FROM admin.referral_stat WHERE conversion_id IS NULL AND status = 'pending'`,
    );
    return pending ?? { referrals: 0, days: 0 };
  }
}
