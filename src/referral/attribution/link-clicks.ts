import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { MonthPartitions } from '../../platform/database/month-partitions.js';
import { ReferralCodesRepository } from '../codes/referral-codes.repository.js';
import { ReferralsRepository } from './referrals.repository.js';
import { addMs, dayMs } from '../../platform/durations.js';
import type { LinkStatsDto } from '../referral.dto.js';

const statsDays = 30;
/** A year to compare with, and a month to spare. */
const retentionDays = 400;

/**
 * How often links are opened, and how many sign-ups follow. No person is tracked: only a day and a
 * number are stored.
 */
@Injectable()
export class LinkClicks {
  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly referrals: ReferralsRepository,
    private readonly partitions: MonthPartitions,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Counts one click on a code's link. */
  async recordClick(code: string): Promise<void> {
    await this.database.transaction((tx) => this.codes.countClick(tx, code, this.clock.now()));
  }

  /** Deletes the link clicks of the months (UTC) that ended 400 days ago. */
  async prune(): Promise<void> {
    await this.partitions.dropBefore('referral.link_click', addMs(this.clock.now(), -retentionDays * dayMs));
  }

  /** The numbers of all codes of `userId`. */
  async statsForUser(userId: string): Promise<LinkStatsDto> {
    const since = addMs(this.clock.now(), -statsDays * dayMs);
    const [days, counts, sources] = await Promise.all([
      this.codes.countClicksByDay(userId, since),
      this.referrals.countSince(userId, since),
      this.referrals.countBySource(userId, since),
    ]);
    return { days, clicks: days.reduce((sum, { clicks }) => sum + clicks, 0), ...counts, sources };
  }
}
