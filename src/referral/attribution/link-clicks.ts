import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { MonthPartitions } from '../../platform/database/month-partitions.js';
import { ReferralCodesRepository } from '../codes/referral-codes.repository.js';
import { ReferralsRepository, type SignUpCount } from './referrals.repository.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { channels } from './channels.js';
import type { LinkStatsDto } from '../referral.dto.js';

type Counts = ReadonlyMap<string, number>;

const statsDays = 30;
const maxSources = 20;
/** A year to compare with, and a month to spare. */
const retentionDays = 400;

/**
 * How often links were opened, and how many sign-ups follow. No person is tracked: only a day and a
 * number are stored.
 */
@Injectable()
export class LinkClicks {
  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly referrals: ReferralsRepository,
    private readonly partitions: MonthPartitions,
    private readonly clock: Clock,
  ) {}

  /** Deletes the link clicks of the months (UTC) that ended 400 days ago. */
  async prune(): Promise<void> {
    const before = addMs(this.clock.now(), -retentionDays * dayMs);
    await this.partitions.dropBefore('referral.link_click', before);
    await this.partitions.dropBefore('referral.channel_click', before);
  }

  /** The numbers of all codes of `userId`. */
  async statsForUser(userId: string): Promise<LinkStatsDto> {
    const since = addMs(this.clock.now(), -statsDays * dayMs);
    const [days, channelClicks, groups] = await Promise.all([
      this.codes.countClicksByDay(userId, since),
      this.codes.countClicksByChannel(userId, since),
      this.referrals.countSince(userId, since),
    ]);
    return {
      days,
      clicks: days.reduce((sum, { clicks }) => sum + clicks, 0),
      signUps: groups.reduce((sum, { signUps }) => sum + signUps, 0),
      conversions: groups.reduce((sum, { conversions }) => sum + conversions, 0),
      sources: mostFrequent(signUpsBy(groups, 'source')),
      channels: joinChannels(new Map(channelClicks), signUpsBy(groups, 'channel')),
    };
  }
}

/** How many signed up by each source, or each channel, that is known. */
function signUpsBy(groups: readonly SignUpCount[], name: 'source' | 'channel'): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { [name]: value, signUps } of groups)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + signUps);
  return counts;
}

function mostFrequent(counts: Counts): LinkStatsDto['sources'] {
  return [...counts]
    .map(([source, signUps]) => ({ source, signUps }))
    .sort((a, b) => b.signUps - a.signUps || (a.source < b.source ? -1 : 1))
    .slice(0, maxSources);
}

/** Each channel with a click or a sign-up, the most clicks first. */
function joinChannels(clicks: Counts, signUps: Counts): LinkStatsDto['channels'] {
  return [...channels, 'other' as const]
    .map((channel) => ({
      channel,
      clicks: clicks.get(channel) ?? 0,
      signUps: signUps.get(channel) ?? 0,
    }))
    .filter((counts) => counts.clicks + counts.signUps > 0)
    .sort((a, b) => b.clicks - a.clicks || b.signUps - a.signUps);
}
