import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { after, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { keyOfCursor, pageOf, type ListQuery, type Page } from '../../platform/http/list.dto.js';
import { idPattern, isId } from '../../platform/ids.js';
import type { Words } from '../../platform/locale/words.js';
import { inviteView, selectInvites, statusOf, type InviteRow, type InviteView } from './invite-row.js';

/** How many invites stand where. */
export interface InviteCounts {
  invited: number;
  pending: number;
  held: number;
  converted: number;
  reversed: number;
  rejected: number;
}

type Earnings = Awaited<ReturnType<CreditService['earningsOf']>>;

/** The people somebody brought, and what came of each. */
@Injectable()
export class Invites {
  constructor(
    private readonly database: Database,
    private readonly credit: CreditService,
    private readonly clock: Clock,
  ) {}

  /** The invites of `referrerId`, newest first, in the words of `t` (English without). */
  async page(referrerId: string, query: ListQuery, t?: Words): Promise<Page<InviteView>> {
    const before = keyOfCursor(query.cursor, idPattern);
    const [rows, earnings] = await Promise.all([
      this.database.lookUps.query<InviteRow>(
        `${selectInvites} WHERE r.referrer_id = ANY(platform.accounts_of($1)) AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3`,
        [referrerId, before, query.limit + 1],
      ),
      this.credit.earningsOf(referrerId, 'referrer'),
    ]);
    return pageOf(
      rows,
      query.limit,
      (row) => row.id,
      (row) => inviteView(row, earnings.get(row.id), t),
    );
  }

  /** One invite of `referrerId`. Errors: `request.not_found`, also for somebody else's. */
  async one(referrerId: string, id: string, t?: Words): Promise<InviteView> {
    if (!isId(id)) throw new DomainError('request.not_found');
    const rows = await this.database.lookUps.query<InviteRow>(
      `${selectInvites} WHERE r.referrer_id = ANY(platform.accounts_of($1)) AND r.id = $2`,
      [referrerId, id],
    );
    if (rows[0] === undefined) throw new DomainError('request.not_found');
    const earnings = await this.credit.earningsOf(referrerId, 'referrer');
    return inviteView(rows[0], earnings.get(id), t);
  }

  /** The counts of `referrerId`, and how many of their credits are still inside the days they were given for. */
  async summary(referrerId: string): Promise<{ counts: InviteCounts; activeCredits: number }> {
    const [rows, earnings] = await Promise.all([
      this.database.lookUps.query<InviteRow>(
        `${selectInvites} WHERE r.referrer_id = ANY(platform.accounts_of($1))`,
        [referrerId],
      ),
      this.credit.earningsOf(referrerId, 'referrer'),
    ]);
    const counts = { invited: rows.length, pending: 0, held: 0, converted: 0, reversed: 0, rejected: 0 };
    for (const row of rows) counts[statusOf(row, earnings.get(row.id))]++;
    const now = this.clock.now();
    return { counts, activeCredits: rows.filter((row) => isActive(row, earnings, now)).length };
  }
}

function isActive(row: InviteRow, earnings: Earnings, now: Date): boolean {
  const earned = earnings.get(row.id);
  return (
    row.state === 'good' &&
    earned !== undefined &&
    earned.stands &&
    after(earned.creditedAt, row.referrer_days * dayMs) > now
  );
}
