import { Injectable } from '@nestjs/common';
import { ReplicaReads } from '../../platform/database/replica-reads.js';
import type { FunnelDto, KFactorDto, SeriesStepDto, TimeToConvertDto } from './stats.dto.js';
import { bucketStarts, type Period } from './period.js';

/** The bounds of the histogram, in days. */
const histogramBounds = [1, 3, 7, 14, 30, 60, 90];
const histogramColumns = [...histogramBounds, Infinity]
  .map(
    (bound, index) =>
      `count(*) FILTER (WHERE days <= '${bound}' AND days > ${histogramBounds[index - 1] ?? -1})`,
  )
  .join(', ');

/** How the programme grows: each figure is one statement over the whole period. */
@Injectable()
export class GrowthStats {
  constructor(private readonly replicaReads: ReplicaReads) {}

  /** How far the invited of a period have come. */
  async funnel({ from, to }: Period): Promise<FunnelDto> {
    const [[people], rows] = await Promise.all([
      this.replicaReads.query<{ n: number }>(
        `SELECT count(*)::integer AS n FROM admin.sign_up WHERE created_at >= $1 AND created_at < $2`,
        [from, to],
      ),
      this.replicaReads.query<{ status: keyof FunnelDto['now']; paid: number; credited: number; n: number }>(
        `SELECT status, count(*)::integer AS n, count(conversion_id)::integer AS paid,
           count(credited_at)::integer AS credited
         FROM admin.referral_stat WHERE linked_at >= $1 AND linked_at < $2 GROUP BY status`,
        [from, to],
      ),
    ]);
    const now = { pending: 0, held: 0, converted: 0, suspended: 0, reversed: 0, rejected: 0 };
    const funnel: FunnelDto = { signedUp: people?.n ?? 0, invited: 0, paid: 0, credited: 0, granted: 0, now };
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
    const steps = new Map(bucketStarts(period).map((at) => [at.getTime(), emptyStep(at)]));
    for (const { at, ...figures } of found.flat()) Object.assign(steps.get(at) ?? {}, figures);
    return [...steps.values()];
  }

  /** How long the first payments of a period took. */
  async timeToConvert({ from, to }: Period): Promise<TimeToConvertDto> {
    const [row] = await this.replicaReads.query<Omit<TimeToConvertDto, 'within'> & { within: number[] }>(
      `SELECT count(*)::integer AS conversions, avg(days) AS "meanDays",
         percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS "medianDays",
         percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS "p90Days",
         ARRAY[${histogramColumns}]::integer[] AS within
       FROM (SELECT greatest(0, extract(epoch FROM paid_at - linked_at) / 86400)::float8 AS days
             FROM admin.referral_stat WHERE converted_at >= $1 AND converted_at < $2 AND paid_at IS NOT NULL) AS each`,
      [from, to],
    );
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

  /** How many people those who joined in a period have brought, and how many of these made a first payment that counts. */
  async kFactor({ from, to }: Period): Promise<KFactorDto> {
    const [row] = await this.replicaReads.query<Pick<KFactorDto, 'joined' | 'invited' | 'invitedPaying'>>(
      `SELECT (SELECT count(*)::integer FROM admin.sign_up WHERE created_at >= $1 AND created_at < $2 AND NOT is_merged) AS joined,
         count(*)::integer AS invited, count(conversion_id)::integer AS "invitedPaying"
       FROM admin.referral_stat WHERE referrer_joined_at >= $1 AND referrer_joined_at < $2`,
      [from, to],
    );
    const { joined, invited, invitedPaying } = row ?? { joined: 0, invited: 0, invitedPaying: 0 };
    const each = (count: number) => (joined === 0 ? null : count / joined);
    return { joined, invited, invitedPaying, value: each(invited), paying: each(invitedPaying) };
  }

  private queryBuckets(
    { from, to, bucket }: Period,
    { view, moment, columns }: { view: string; moment: string; columns: string },
  ): Promise<({ at: number } & Partial<SeriesStepDto>)[]> {
    return this.replicaReads.query(
      `SELECT extract(epoch FROM date_trunc($3, ${moment}, 'UTC'))::float8 * 1000 AS at, ${columns}
       FROM ${view} WHERE ${moment} >= $1 AND ${moment} < $2 GROUP BY 1`,
      [from, to, bucket],
    );
  }
}

function emptyStep(at: Date): SeriesStepDto {
  return { at, signedUp: 0, invited: 0, converted: 0, daysGiven: 0, daysTaken: 0 };
}
