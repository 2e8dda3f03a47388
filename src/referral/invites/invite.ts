import type { Hold, Review, StatusReason, RewardState } from '../conversions/reward-status.js';
import { toNoticeDto, type NoticeReader } from '../explain/notice-text.js';
import { isRefusedByReview, type RewardNotice } from '../explain/reward-notice.js';
import type { TermsRow } from '../terms/terms.js';
import { inviteLabel, type InviteName } from './invite-names.js';
import type { InviteDto, InviteStatus } from './invite.dto.js';

/** A referral with its terms and its status, as the database holds it. */
export interface InviteRow extends TermsRow {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  label: string;
  origin: string;
  code: string;
  linked_at: Date;
  email_unconfirmed: boolean;
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

/** What an invite earned one of its sides: net days, and whether that is still granted. */
export interface InviteEarnings {
  days: number;
  isGranted: boolean;
}

/** A referral with what one side of it earned, and is shown. */
export interface InviteWithNotice {
  row: InviteRow;
  earned: InviteEarnings | undefined;
  notice: RewardNotice;
}

/** How many of the people whom someone invited joined in a month, and how many of them paid. */
export interface MonthOfInvites {
  /** Its first day, in UTC. */
  month: Date;
  joined: number;
  paid: number;
}

const refusalReasons: readonly StatusReason[] = ['fraud', 'rejected', 'budget_exhausted'];

/** The status of an invite: `reversed` also where staff revoked the credit that it earned. */
export function inviteStatus(row: InviteRow, earned: InviteEarnings | undefined): InviteStatus {
  if (row.rewarded_elsewhere_at !== null) return 'converted';
  if (row.converted_at === null) return isRefusedByReview(row) ? 'rejected' : 'pending';
  if (row.state === 'held') return 'held';
  const isRefused =
    row.credited_at === null && row.reasons?.some((reason) => refusalReasons.includes(reason));
  if (isRefused) return 'rejected';
  return row.state !== 'granted' || earned?.isGranted === false ? 'reversed' : 'converted';
}

/**
 * An invite as `reader` sees it, with what one of its sides is shown of the reward. `name` is what
 * is known of the invited person; without it they have the masked address.
 */
export function toInviteDto(
  { row, earned, notice }: InviteWithNotice,
  reader: NoticeReader,
  name: InviteName | undefined,
): InviteDto {
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
