import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { after, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { pageOf, keyOfCursor, type ListQuery, type Page } from '../../platform/http/list.dto.js';
import { idPattern, isId } from '../../platform/ids.js';
import type { Hold, Review, StandingReason, StandingState } from '../conversions/conversion.js';
import { whatNext, whyNot } from './standing-words.js';

/**
 * Where an invite stands: waiting for the first payment, held after it, credited, credited and taken back, or refused
 * before anything was credited.
 */
export type InviteStatus = 'pending' | 'held' | 'converted' | 'reversed' | 'rejected';

/**
 * One invite as the referrer sees it. Times are ISO 8601; `daysEarned` is what it brought the referrer so far.
 * `standing` is null before the first payment; a `suspended` one counts as reversed for as long as the dispute is open.
 * `reasons` speak against it, and `why` says them in words. What only warns is not for them to know.
 */
export interface InviteView {
  id: string;
  label: string;
  status: InviteStatus;
  standing: StandingState | null;
  invitedAt: string;
  convertedAt: string | null;
  creditedAt: string | null;
  daysEarned: number;
  reasons: StandingReason[];
  holds: Hold[];
  /** When the refund window closes; null under terms without one, and before the first payment. */
  arrivesAt: string | null;
  why: string | null;
  nextStep: string;
}

/** How many invites stand where. */
export interface InviteCounts {
  invited: number;
  pending: number;
  held: number;
  converted: number;
  reversed: number;
  rejected: number;
}

interface InviteRow {
  id: string;
  label: string;
  linked_at: Date;
  converted_at: Date | null;
  credited_at: Date | null;
  state: StandingState | null;
  reasons: StandingReason[] | null;
  holds: Hold[] | null;
  release_at: Date | null;
  capped: boolean | null;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
  referrer_days: number;
}

type Earnings = Awaited<ReturnType<CreditService['earningsOf']>>;

const select = `SELECT r.id, r.label, r.linked_at, c.converted_at, s.credited_at, s.state, s.reasons, s.holds,
    s.release_at, s.capped, v.outcome, v.decision, t.referrer_days
  FROM referral.referral r
  JOIN referral.terms t ON t.version = r.terms_version
  LEFT JOIN referral.conversion c ON c.referral_id = r.id
  LEFT JOIN referral.standing s ON s.conversion_id = c.id
  LEFT JOIN referral.review v ON v.referral_id = r.id`;

/** The people somebody brought, and what came of each. */
@Injectable()
export class Invites {
  constructor(
    private readonly database: Database,
    private readonly credit: CreditService,
    private readonly clock: Clock,
  ) {}

  /** The invites of `referrerId`, newest first. */
  async page(referrerId: string, query: ListQuery): Promise<Page<InviteView>> {
    const before = keyOfCursor(query.cursor, idPattern);
    const [rows, earnings] = await Promise.all([
      this.database.query<InviteRow>(
        `${select} WHERE r.referrer_id = $1 AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3`,
        [referrerId, before, query.limit + 1],
      ),
      this.credit.earningsOf(referrerId, 'referrer'),
    ]);
    return pageOf(
      rows,
      query.limit,
      (row) => row.id,
      (row) => inviteView(row, earnings),
    );
  }

  /** One invite of `referrerId`. Errors: `request.not_found`, also for somebody else's. */
  async one(referrerId: string, id: string): Promise<InviteView> {
    if (!isId(id)) throw new DomainError('request.not_found');
    const rows = await this.database.query<InviteRow>(`${select} WHERE r.referrer_id = $1 AND r.id = $2`, [
      referrerId,
      id,
    ]);
    if (rows[0] === undefined) throw new DomainError('request.not_found');
    return inviteView(rows[0], await this.credit.earningsOf(referrerId, 'referrer'));
  }

  /** The counts of `referrerId`, and how many of their credits are still inside the days they were given for. */
  async summary(referrerId: string): Promise<{ counts: InviteCounts; activeCredits: number }> {
    const [rows, earnings] = await Promise.all([
      this.database.query<InviteRow>(`${select} WHERE r.referrer_id = $1`, [referrerId]),
      this.credit.earningsOf(referrerId, 'referrer'),
    ]);
    const statuses = rows.map((row) => statusOf(row, earnings));
    const count = (status: InviteStatus) => statuses.filter((own) => own === status).length;
    const now = this.clock.now();
    return {
      counts: {
        invited: rows.length,
        pending: count('pending'),
        held: count('held'),
        converted: count('converted'),
        reversed: count('reversed'),
        rejected: count('rejected'),
      },
      activeCredits: rows.filter((row) => isActive(row, earnings, now)).length,
    };
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

const refusals: readonly StandingReason[] = ['fraud', 'rejected', 'budget_exhausted'];

function statusOf(row: InviteRow, earnings: Earnings): InviteStatus {
  if (row.converted_at === null) return isTurnedDown(row) ? 'rejected' : 'pending';
  if (row.state === 'held') return 'held';
  const isRefused = row.credited_at === null && row.reasons?.some((reason) => refusals.includes(reason));
  if (isRefused) return 'rejected';
  return row.state !== 'good' || earnings.get(row.id)?.stands === false ? 'reversed' : 'converted';
}

/** What a review said before anything was paid already holds. */
function isTurnedDown({ outcome, decision }: InviteRow): boolean {
  return decision === 'rejected' || (decision === null && outcome === 'reject');
}

const nextSteps: Record<InviteStatus, string> = {
  pending: 'Waiting for their first payment. Both of you are credited the moment it arrives.',
  held: 'The first payment arrived. The credit has to wait a little.',
  rejected: 'If you think that this is wrong, please write to our team.',
  converted: 'Done: both of you have been credited.',
  reversed: 'If you think that this is wrong, please write to our team.',
};

/** An invite can stand while staff revoked the credit that it brought its referrer. */
function whyReversed(reasons: StandingReason[]): string {
  return whyNot(reasons) || 'Our team took your credit for it back.';
}

function inviteView(row: InviteRow, earnings: Earnings): InviteView {
  const status = statusOf(row, earnings);
  const reasons = row.reasons ?? [];
  return {
    id: row.id,
    label: row.label,
    status,
    standing: row.state,
    invitedAt: row.linked_at.toISOString(),
    convertedAt: row.converted_at?.toISOString() ?? null,
    creditedAt: row.credited_at?.toISOString() ?? null,
    daysEarned: earnings.get(row.id)?.days ?? 0,
    reasons,
    holds: row.holds ?? [],
    arrivesAt: row.release_at?.toISOString() ?? null,
    why: status === 'reversed' || status === 'rejected' ? whyReversed(reasons) : null,
    nextStep: whatNext(reasons) || nextSteps[status],
  };
}
