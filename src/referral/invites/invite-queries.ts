import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern, isId } from '../../platform/ids.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { toInviteDto, inviteStatus, type InviteRow } from './invite.js';
import { InvitesRepository } from './invites.repository.js';
import type { InviteCountsDto, InviteDto } from './invite.dto.js';

type Earnings = Awaited<ReturnType<CreditService['earningsByReferral']>>;

/** The people a user referred, and their status. */
@Injectable()
export class InviteQueries {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly credit: CreditService,
    private readonly clock: Clock,
  ) {}

  /** The invites of `referrerId`, newest first, in the words of `t` (English without). */
  async list(referrerId: string, query: PageQuery, t?: Translate): Promise<Page<InviteDto>> {
    const beforeId = decodeCursor(query.cursor, idPattern);
    const [rows, earnings] = await Promise.all([
      this.invites.findPage(referrerId, beforeId, query.limit + 1),
      this.credit.earningsByReferral(referrerId, 'referrer'),
    ]);
    return toPage(
      rows,
      query.limit,
      (row) => row.id,
      (row) => toInviteDto(row, earnings.get(row.id), t),
    );
  }

  /** One invite of `referrerId`. Errors: `request.not_found`, also for another person's. */
  async get(referrerId: string, id: string, t?: Translate): Promise<InviteDto> {
    if (!isId(id)) throw new DomainError('request.not_found');
    const row = await this.invites.findOne(referrerId, id);
    if (row === null) throw new DomainError('request.not_found');
    const earnings = await this.credit.earningsByReferral(referrerId, 'referrer');
    return toInviteDto(row, earnings.get(id), t);
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
