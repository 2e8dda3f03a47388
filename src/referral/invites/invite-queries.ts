import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { dayMs } from '../../platform/durations.js';
import { localDateOf, startOfLocalDate } from '../../platform/local-dates.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import { englishReader, type NoticeReader } from '../explain/notice-text.js';
import type { NoticeStatus } from '../explain/reward-notice.js';
import { RewardNotices } from '../explain/reward-notices.js';
import {
  earningsOf,
  inviteStatus,
  toInviteDto,
  type InviteCountRow,
  type InviteGroupRow,
  type InviteRow,
  type MonthOfInvites,
  type NamedInvite,
} from './invite.js';
import { InviteNames } from './invite-names.js';
import { InvitesRepository } from './invites.repository.js';
import type { InviteCountsDto, InviteDto } from './invite.dto.js';

const pendingStatuses: readonly NoticeStatus[] = ['promised', 'held', 'in_review'];

/**
 * How many invites of a person have each status, and how many of their credits are still inside the
 * days they were given for.
 */
export interface InviteCounts {
  counts: InviteCountsDto;
  activeCredits: number;
}

/**
 * What came of all invites of a person: their {@link InviteCounts}, the days that were earned and
 * that may still come, and how many joined in each of the last twelve months of a time zone, the
 * oldest first. With more than a thousand it was stored, at most an hour ago, by months of UTC;
 * else `storedAt` is null.
 */
export interface InviteSummary extends InviteCounts {
  storedAt: Date | null;
  earnedDays: number;
  pendingDays: number;
  months: MonthOfInvites[];
  monthsZone: string;
}

/** The people a user referred, and their status. */
@Injectable()
export class InviteQueries {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly notices: RewardNotices,
    private readonly names: InviteNames,
    private readonly clock: Clock,
  ) {}

  /** The invites of `referrerId`, newest first, in the words of `reader`. */
  async list(
    referrerId: string,
    query: PageQuery,
    reader: NoticeReader = englishReader,
  ): Promise<Page<InviteDto>> {
    const { items, nextCursor } = await this.findPage(referrerId, query);
    return { items: items.map((invite) => toInviteDto(invite, reader)), nextCursor };
  }

  /** The same, with all that decides about each. */
  async findPage(referrerId: string, query: PageQuery): Promise<Page<NamedInvite>> {
    const beforeId = decodeCursor(query.cursor, idPattern);
    const rows = await this.invites.findPage(referrerId, beforeId, query.limit + 1);
    const invites = await this.decide(rows, 'referrer', referrerId);
    return toPage(
      invites,
      query.limit,
      ({ row }) => row.id,
      (invite) => invite,
    );
  }

  /**
   * Each of these referrals with what `userId`, who is this side of all of them, earned and is
   * shown; null once the person is erased.
   */
  async decide(
    rows: readonly InviteRow[],
    side: 'referrer' | 'referred',
    userId: string | null,
  ): Promise<NamedInvite[]> {
    const [invites, names] = await Promise.all([
      this.notices.decide(rows, side, userId),
      this.names.find(rows.map(({ id }) => id)),
    ]);
    return invites.map((invite) => ({ ...invite, name: names.get(invite.row.id) }));
  }

  /** The counts of {@link summarize} alone, for which less is read. */
  async count(referrerId: string): Promise<InviteCounts> {
    return countInvites(await this.invites.findCounts(referrerId));
  }

  /**
   * What came of all invites of `referrerId`, added up by the database, in months of the time zone.
   */
  async summarize(referrerId: string, timeZone = 'UTC'): Promise<InviteSummary> {
    const now = this.clock.now();
    const rows = await this.invites.findGroups(referrerId, now, lastMonths(now, timeZone));
    const groups = await this.notices.decideGroups(rows);
    const storedAt = groups[0]?.row.as_of ?? null;
    const summary = { storedAt, ...countInvites(rows), earnedDays: 0, pendingDays: 0 };
    for (const { row, notice } of groups) {
      summary.earnedDays += Number(row.earned_ms) / dayMs;
      if (pendingStatuses.includes(notice.status)) summary.pendingDays += row.invites * notice.days;
    }
    const monthsZone = storedAt === null ? timeZone : 'UTC';
    return { ...summary, months: countByMonth(rows, lastMonths(now, monthsZone)), monthsZone };
  }
}

function countInvites(groups: readonly InviteCountRow[]): InviteCounts {
  const counts = { invited: 0, pending: 0, held: 0, converted: 0, reversed: 0, rejected: 0 };
  let activeCredits = 0;
  for (const row of groups) {
    counts.invited += row.invites;
    counts[inviteStatus(row, earningsOf(row))] += row.invites;
    activeCredits += row.active;
  }
  return { counts, activeCredits };
}

/** The months of each time zone that was asked for, by the newest of them. */
const monthsByZone = new Map<string, { newest: string; months: readonly Date[] }>();

/**
 * When each of the last twelve months begins in a time zone, the oldest first. Found once a month:
 * the calendar of a zone is slow to ask.
 */
function lastMonths(now: Date, timeZone: string): readonly Date[] {
  const newest = localDateOf(now, timeZone).slice(0, 7);
  const known = monthsByZone.get(timeZone);
  if (known?.newest === newest) return known.months;
  const [year = 0, month = 1] = newest.split('-').map(Number);
  const months = Array.from({ length: 12 }, (_, index) => {
    const first = new Date(Date.UTC(year, month - 12 + index, 1)).toISOString().slice(0, 10);
    return startOfLocalDate(first, timeZone);
  });
  monthsByZone.set(timeZone, { newest, months });
  return months;
}

/** Also months without an invite. */
function countByMonth(groups: readonly InviteGroupRow[], months: readonly Date[]): MonthOfInvites[] {
  const counts = new Map(months.map((month) => [month.getTime(), { month, joined: 0, paid: 0 }]));
  for (const { month, invites, converted_at, rewarded_elsewhere_at } of groups) {
    const own = month === null ? undefined : counts.get(month.getTime());
    if (own === undefined) continue;
    own.joined += invites;
    if (converted_at !== null || rewarded_elsewhere_at !== null) own.paid += invites;
  }
  return [...counts.values()];
}
