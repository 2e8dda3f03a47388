import { fallbackLocale, getTranslator, type Translate } from '../../platform/i18n/translations.js';
import type { Hold, Review, StatusReason, RewardState } from '../conversions/reward-status.js';
import { nextStepText, reasonText } from '../explain/status-texts.js';
import type { TermsRow } from '../terms/terms.js';
import type { InviteDto, InviteStatus } from './invite.dto.js';

/** A referral with its terms and its status, as the database holds it. */
export interface InviteRow extends TermsRow {
  id: string;
  label: string;
  origin: string;
  code: string;
  linked_at: Date;
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

/** Whether a review refused the referral, also before the first payment. */
export function isRefusedByReview({ outcome, decision }: Pick<InviteRow, 'outcome' | 'decision'>): boolean {
  return decision === 'rejected' || (decision === null && outcome === 'reject');
}

/** An invite as one of its sides sees it. */
export function toInviteDto(
  row: InviteRow,
  earned: InviteEarnings | undefined,
  t: Translate = getTranslator(fallbackLocale),
): InviteDto {
  const status = inviteStatus(row, earned);
  const reasons = row.reasons ?? reviewReasons(row);
  return {
    id: row.id,
    label: row.label,
    status,
    rewardState: row.state,
    invitedAt: row.linked_at,
    convertedAt: row.converted_at ?? row.rewarded_elsewhere_at,
    creditedAt: row.credited_at,
    daysEarned: earned?.days ?? 0,
    reasons,
    holds: row.holds ?? [],
    arrivesAt: row.release_at,
    why: whyText(row, status, reasons, t),
    nextStep: nextStepText(reasons, t) || t(nextStepKey(row, status)),
  };
}

function reviewReasons(row: InviteRow): StatusReason[] {
  if (!isRefusedByReview(row)) return [];
  return [row.decision === 'rejected' ? 'rejected' : 'fraud'];
}

function whyText(row: InviteRow, status: InviteStatus, reasons: StatusReason[], t: Translate): string | null {
  if (status === 'reversed' || status === 'rejected')
    return reasonText(reasons, t) || t('invite.creditRevokedByStaff');
  if (row.capped === true) return t('invite.capped', { places: row.cap_conversions });
  return null;
}

function nextStepKey({ holds, capped, rewarded_elsewhere_at }: InviteRow, status: InviteStatus): string {
  if (rewarded_elsewhere_at !== null) return 'invite.nextStep.rewardedElsewhere';
  if (status === 'held') return holds?.includes('review') ? 'invite.nextStep.review' : 'invite.nextStep.held';
  return capped === true ? 'invite.nextStep.capped' : `invite.nextStep.${status}`;
}
