import type { Hold, Review, StatusReason, RewardState } from '../conversions/reward-status.js';
import { toNoticeDto, type NoticeReader } from '../explain/notice-text.js';
import { isRefusedByReview, type RewardNotice } from '../explain/reward-notice.js';
import { dayMs } from '../../platform/durations.js';
import type { ReversedPayment } from '../explain/status-texts.js';
import type { TermsRow } from '../terms/terms.js';
import { inviteLabel, type InviteName } from './invite-names.js';
import type { InviteDto, InviteStatus } from './invite.dto.js';

/** What decides about a referral, with its terms, as the database holds it. */
export interface InviteStatusRow extends TermsRow {
  referrer_id: string | null;
  closed_at: Date | null;
  /** The tool that was used before rewarded the first payment, which was then. */
  rewarded_elsewhere_at: Date | null;
  converted_at: Date | null;
  credited_at: Date | null;
  state: RewardState | null;
  reasons: StatusReason[] | null;
  flags: string[] | null;
  holds: Hold[] | null;
  release_at: Date | null;
  capped: boolean | null;
  outcome: Review['outcome'] | null;
  decision: Review['decision'];
}

/** A referral with its status. */
export interface InviteRow extends InviteStatusRow {
  id: string;
  referred_id: string;
  conversion_id: string | null;
  /** The payment that its reward follows. */
  paid_invoice_id: string | null;
  label: string;
  origin: string;
  code: string;
  linked_at: Date;
  email_unconfirmed: boolean;
}

/**
 * Referrals of one referrer that have the same status: how many, of how many the credit is still
 * inside its days, and what all of them earned. `as_of` is when that was stored, null for what is
 * counted now. `month` (UTC) is null for those before the last twelve; `is_granted` where none was
 * credited; `held_ms` is what each of those on hold earned. Other times are those of one of them.
 */
export interface InviteGroupRow extends InviteStatusRow {
  as_of: Date | null;
  month: Date | null;
  invites: number;
  active: number;
  has_referrer: boolean;
  has_paid: boolean;
  may_still_qualify: boolean;
  is_granted: boolean | null;
  earned_ms: string;
  held_ms: string | null;
}

/** What is counted of {@link InviteGroupRow}s that need no notice. */
export type InviteCountRow = Pick<
  InviteGroupRow,
  'invites' | 'active' | 'is_granted' | 'held_ms' | StatusColumn
>;

type StatusColumn =
  'rewarded_elsewhere_at' | 'converted_at' | 'credited_at' | 'state' | 'reasons' | 'outcome' | 'decision';

/** What an invite earned one of its sides: net days, and whether that is still granted. */
export interface InviteEarnings {
  days: number;
  isGranted: boolean;
}

/** A referral with what one side of it earned, and is shown, and what became of its payment. */
export interface InviteWithNotice {
  row: InviteRow;
  earned: InviteEarnings | undefined;
  payment: ReversedPayment | null;
  notice: RewardNotice;
}

/** The same, with what is known of the invited person. */
export interface NamedInvite extends InviteWithNotice {
  name: InviteName | undefined;
}

/** Invites of the same status with what their referrer earned of each, and is shown. */
export interface InviteGroupWithNotice {
  row: InviteGroupRow;
  earned: InviteEarnings | undefined;
  notice: RewardNotice;
}

/** How many of the people whom someone invited joined in a month, and how many of them paid. */
export interface MonthOfInvites {
  /** When it begins. */
  month: Date;
  joined: number;
  paid: number;
}

/** What each invite of a group earned its referrer; undefined where none was credited. */
export function earningsOf({
  is_granted,
  held_ms,
}: Pick<InviteGroupRow, 'is_granted' | 'held_ms'>): InviteEarnings | undefined {
  return is_granted === null ? undefined : { days: Number(held_ms) / dayMs, isGranted: is_granted };
}

/** The conversions of referrals that have one. */
export function conversionIdsOf(rows: readonly InviteRow[]): string[] {
  return rows.flatMap(({ conversion_id }) => conversion_id ?? []);
}

const refusalReasons: readonly StatusReason[] = ['fraud', 'rejected', 'budget_exhausted'];

/** The status of an invite: `reversed` also where staff revoked the credit that it earned. */
export function inviteStatus(
  row: Pick<InviteStatusRow, StatusColumn>,
  earned: Pick<InviteEarnings, 'isGranted'> | undefined,
): InviteStatus {
  if (row.rewarded_elsewhere_at !== null) return 'converted';
  if (row.converted_at === null) return isRefusedByReview(row) ? 'rejected' : 'pending';
  if (row.state === 'held') return 'held';
  const isRefused =
    row.credited_at === null && row.reasons?.some((reason) => refusalReasons.includes(reason));
  if (isRefused) return 'rejected';
  return row.state !== 'granted' || earned?.isGranted === false ? 'reversed' : 'converted';
}

/**
 * An invite as `reader` sees it, with what one of its sides is shown of the reward. A person of
 * whom no name is known has the masked address.
 */
export function toInviteDto({ row, earned, notice, name }: NamedInvite, reader: NoticeReader): InviteDto {
  const reward = toNoticeDto(reader, notice);
  return {
    id: row.id,
    label: (name && inviteLabel(name, { isReferrer: reader.isReferrer === true })) ?? row.label,
    status: inviteStatus(row, earned),
    rewardState: row.state,
    invitedAt: row.linked_at,
    convertedAt: row.converted_at ?? row.rewarded_elsewhere_at,
    creditedAt: row.credited_at,
    daysEarned: earned?.days ?? 0,
    reasons: row.reasons ?? reviewReasons(row),
    holds: row.holds ?? [],
    arrivesAt: row.release_at,
    reward,
    why: reward.why,
    nextStep: reward.next ?? reward.text,
  };
}

function reviewReasons(row: InviteRow): StatusReason[] {
  if (!isRefusedByReview(row)) return [];
  return [row.decision === 'rejected' ? 'rejected' : 'fraud'];
}
