import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/batched-delete.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { LinkStatsDto } from './link-stats.dto.js';

const statsDays = 30;
/** A year to compare with, and a month to spare. */
const retentionDays = 400;

/** How often links are followed, and what comes of it. No person is tracked: a day and a number are all that is kept. */
@Injectable()
export class LinkClicks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Counts one visit of a code's link. */
  async recordClick(code: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO referral.link_click AS v (code, day, clicks) VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, 1)
         ON CONFLICT (code, day) DO UPDATE SET clicks = v.clicks + 1`,
        [code, this.clock.now()],
      ),
    );
  }

  /** Forgets visits after 400 days. */
  async prune(): Promise<void> {
    await deleteInBatches(
      this.database,
      'referral.link_click',
      `day < ($1::timestamptz AT TIME ZONE 'UTC')::date`,
      [addMs(this.clock.now(), -retentionDays * dayMs)],
    );
  }

  /** The numbers of all codes of `userId`. */
  async statsForUser(userId: string): Promise<LinkStatsDto> {
    const since = addMs(this.clock.now(), -statsDays * dayMs);
    const [days, counts, sources] = await Promise.all([
      this.database.lookups.query<{ day: string; clicks: number }>(
        `SELECT to_char(v.day, 'YYYY-MM-DD') AS day, sum(v.clicks)::integer AS clicks
         FROM referral.link_click v JOIN referral.code c USING (code)
         WHERE c.user_id = ANY(platform.all_accounts_of($1)) AND v.day >= ($2::timestamptz AT TIME ZONE 'UTC')::date GROUP BY v.day ORDER BY v.day`,
        [userId, since],
      ),
      this.database.lookups.query<{ sign_ups: number; conversions: number }>(
        `SELECT count(*)::integer AS sign_ups, count(c.id)::integer AS conversions
         FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
         WHERE r.referrer_id = ANY(platform.all_accounts_of($1)) AND r.linked_at >= $2`,
        [userId, since],
      ),
      this.database.lookups.query<{ source: string; signUps: number }>(
        `SELECT campaign ->> 'source' AS source, count(*)::integer AS "signUps" FROM referral.referral
         WHERE referrer_id = ANY(platform.all_accounts_of($1)) AND linked_at >= $2 AND campaign ->> 'source' IS NOT NULL
         GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
        [userId, since],
      ),
    ]);
    return {
      days,
      clicks: days.reduce((sum, { clicks }) => sum + clicks, 0),
      signUps: counts[0]?.sign_ups ?? 0,
      conversions: counts[0]?.conversions ?? 0,
      sources,
    };
  }
}
