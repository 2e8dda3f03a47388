import type { Viewer } from '../../platform/ui/layout.js';
import type {
  Channel,
  InviteDto,
  InviteName,
  InviteSummary,
  LinkStatsDto,
  MonthOfInvites,
  ReferralOverviewDto,
} from '../../referral/index.js';

/**
 * What the page of invitations shows. `notice` says what was just saved; `problem` what was wrong
 * with a form, and which.
 */
export interface InviteFriendsModel {
  viewer: Viewer;
  timeZone: string;
  referral: Pick<
    ReferralOverviewDto,
    'code' | 'link' | 'shareText' | 'reward' | 'creditWorth' | 'activeCredits' | 'daysOnAccount' | 'counts'
  >;
  /** The link that says how it was shared, for each way to share it. */
  linkBy: (channel: Channel) => string;
  /** The user has no name that invitations could show. */
  needsName: boolean;
  /** `storedAt`: when they were added up, where that is not now. */
  rewards: Pick<InviteSummary, 'earnedDays' | 'pendingDays' | 'storedAt'>;
  invites: InviteModel[];
  /** Where the list goes on; null at its end. */
  nextCursor: string | null;
  /** Where the list shown begins; empty for the newest. */
  cursor: string;
  linkStats: Pick<LinkStatsDto, 'channels' | 'signUps'>;
  /** The last twelve months of the zone, oldest first. */
  months: MonthOfInvites[];
  monthsZone: string;
  /** A forgotten invitation can still be added. */
  canClaimReferral: boolean;
  notice: InviteForm | null;
  problem: { form: InviteForm; message: string } | null;
}

/** The forms of the page. */
export const inviteForms = ['name', 'code', 'note', 'claim'] as const;
/** One of {@link inviteForms}. */
export type InviteForm = (typeof inviteForms)[number];

/** A person this user referred. */
export type InviteModel = Pick<
  InviteDto,
  'id' | 'label' | 'invitedAt' | 'convertedAt' | 'daysEarned' | 'reward'
> &
  InviteName;

/** What was wrong with a form; null when nothing was. */
export function problemOf({ problem }: InviteFriendsModel, form: InviteForm): string | null {
  return problem?.form === form ? problem.message : null;
}
