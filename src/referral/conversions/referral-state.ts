import type { Reward } from '../../credit/index.js';
import type { Terms } from '../terms/terms.js';
import type { Review, RewardStatus } from './reward-status.js';

/**
 * A referral whose row is locked, with its conversion, its reward status, and what the fraud rules
 * and a person say of it.
 */
export interface LockedReferralState {
  referral: LockedReferral;
  conversion: { id: string; convertedAt: Date } | null;
  rewardStatus: RewardStatus | null;
  review: Review | null;
}

/** A referral whose row is locked, with the terms it was made under. */
export interface LockedReferral {
  id: string;
  referrerId: string | null;
  referredId: string;
  linkedAt: Date;
  code: string;
  /** It never converts: a merge closed it, or its first payment was rewarded elsewhere. */
  isClosed: boolean;
  /**
   * Its referrer, as a person, had reached a milestone when the lock was asked for, whether or not
   * it is still granted.
   */
  hasMilestones: boolean;
  terms: Terms;
}

/** The referrer, if their account still exists and is not the referred user's own. */
export function eligibleReferrerId({ referrerId, referredId }: LockedReferral): string | null {
  return referrerId === referredId ? null : referrerId;
}

/**
 * What each side gets. The referred user is rewarded even if the referrer's account is gone, and
 * only once.
 */
export function rewardsFor(referral: LockedReferral, { capped }: { capped: boolean }): Reward[] {
  const { terms, referredId } = referral;
  const referrerId = capped ? null : eligibleReferrerId(referral);
  const forReferred: Reward = { side: 'referred', userId: referredId, days: terms.referredDays };
  const forReferrer: Reward[] =
    referrerId === null ? [] : [{ side: 'referrer', userId: referrerId, days: terms.referrerDays }];
  return [...forReferrer, forReferred].filter(({ days }) => days > 0);
}
