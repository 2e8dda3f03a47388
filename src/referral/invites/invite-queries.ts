import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern } from '../../platform/ids.js';
import { englishReader, type NoticeReader } from '../explain/notice-text.js';
import type { NoticeStatus } from '../explain/reward-notice.js';
import { RewardNotices } from '../explain/reward-notices.js';
import { toInviteDto, inviteStatus, type InviteRow, type MonthOfInvites } from './invite.js';
import { InviteNames } from './invite-names.js';
import { InvitesRepository } from './invites.repository.js';
import type { InviteCountsDto, InviteDto } from './invite.dto.js';

const pendingStatuses: readonly NoticeStatus[] = ['promised', 'held', 'in_review'];

type Earnings = Awaited<ReturnType<CreditService['earningsByReferral']>>;

/** The people a user referred, and their status. */
@Injectable()
export class InviteQueries {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly credit: CreditService,
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
    const beforeId = decodeCursor(query.cursor, idPattern);
    const [rows, earnings] = await Promise.all([
      this.invites.findPage(referrerId, beforeId, query.limit + 1),
      this.credit.earningsByReferral(referrerId, 'referrer'),
    ]);
    const [invites, names] = await Promise.all([
      this.notices.decide(rows, 'referrer', earnings),
      this.names.find(rows.map(({ id }) => id)),
    ]);
    return toPage(
      invites,
      query.limit,
      ({ row }) => row.id,
      (invite) => toInviteDto(invite, reader, names.get(invite.row.id)),
    );
  }

  /** What the invites of `referrerId` earned so far, and what may still come of them, in days. */
  async sumRewards(referrerId: string): Promise<{ earnedDays: number; pendingDays: number }> {
    const [rows, earnings] = await Promise.all([
      this.invites.findAll(referrerId),
      this.credit.earningsByReferral(referrerId, 'referrer'),
    ]);
    const invites = await this.notices.decide(rows, 'referrer', earnings);
    const pending = invites.filter(({ notice }) => pendingStatuses.includes(notice.status));
    return {
      earnedDays: [...earnings.values()].reduce((sum, { days }) => sum + days, 0),
      pendingDays: pending.reduce((sum, { notice }) => sum + notice.days, 0),
    };
  }

  /** How many were invited and paid in each month (UTC) since the one of `since`, oldest first. */
  countByMonth(referrerId: string, since: Date): Promise<MonthOfInvites[]> {
    return this.invites.countByMonth(referrerId, since);
  }

  /**
   * The counts of `referrerId`, and how many of their credits are still inside the days they were
   * given for.
   */
  async countByStatus(referrerId: string): Promise<{ counts: InviteCountsDto; activeCredits: number }> {
    const [rows, earnings] = await Promise.all([
      this.invites.findAll(referrerId),
      this.credit.earningsByReferral(referrerId, 'referrer'),
    ]);
    const counts = { invited: rows.length, pending: 0, held: 0, converted: 0, reversed: 0, rejected: 0 };
    for (const row of rows) counts[inviteStatus(row, earnings.get(row.id))]++;
    const now = this.clock.now();
    return { counts, activeCredits: rows.filter((row) => isActive(row, earnings, now)).length };
  }
}

function isActive(row: InviteRow, earnings: Earnings, now: Date): boolean {
  const earned = earnings.get(row.id);
  return (
    row.state === 'granted' &&
    earned !== undefined &&
    earned.isGranted &&
    addMs(earned.creditedAt, row.referrer_days * dayMs) > now
  );
}
