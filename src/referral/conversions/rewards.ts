import type { Reward } from '../../credit/index.js';
import type { LockedReferral } from './referral-state.js';

/** The referrer, if their account still exists and is not the referred user's own. */
export function eligibleReferrerId({ referrerId, referredId }: LockedReferral): string | null {
  return referrerId === referredId ? null : referrerId;
}

/** What each side gets. The referred user is rewarded whatever became of the referrer, and only once. */
export function rewardsFor(referral: LockedReferral, { capped }: { capped: boolean }): Reward[] {
  const { terms, referredId } = referral;
  const referrerId = capped ? null : eligibleReferrerId(referral);
  const forReferred: Reward = { side: 'referred', userId: referredId, days: terms.referredDays };
  const forReferrer: Reward[] =
    referrerId === null ? [] : [{ side: 'referrer', userId: referrerId, days: terms.referrerDays }];
  return [...forReferrer, forReferred].filter(({ days }) => days > 0);
}
