/** A new user verified their address and came with a referral code. */
export interface ReferralLinked {
  name: 'referral.linked';
  referralId: string;
  referrerId: string;
  referredId: string;
}

/**
 * What a person received on their side of a referral; negative where it was taken. `days` may have
 * decimals.
 */
export interface CreditMovement {
  side: 'referrer' | 'referred';
  userId: string;
  days: number;
}

/**
 * Which conversion an event is about. `referrerId` null: their account is gone. `holds`: what its
 * reward waits for (`refund_window` until `releaseAt`, `review`).
 */
export interface ConversionPayload {
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  holds: string[];
  releaseAt: string | null;
}

/**
 * A referral met its qualifying payment; published once. `promised` lists who is to receive how
 * many days; a reward that is credited at once publishes {@link ReferralCredited} as well.
 * `capped`: the referrer had reached the cap. Times are ISO 8601.
 */
export interface ReferralConverted extends ConversionPayload {
  name: 'referral.converted';
  convertedAt: string;
  state: 'granted' | 'held' | 'suspended' | 'reversed';
  reasons: string[];
  capped: boolean;
  promised: CreditMovement[];
}

/**
 * The reward of a conversion was credited; published once. `credited` lists who received how many
 * days.
 */
export interface ReferralCredited extends ConversionPayload {
  name: 'referral.credited';
  credited: CreditMovement[];
}

/**
 * The reward of a conversion was taken back, put on hold, or given back. `reasons` are those that
 * speak against it now, and on a restoration those that fell away. `wasCredited` false: it was
 * still waiting, so nothing was taken from anybody. `revision` counts the changes of its credit: it
 * distinguishes one reversal from the next.
 */
export interface ReferralStatusChanged extends ConversionPayload {
  name: 'referral.reversed' | 'referral.held' | 'referral.restored';
  state: 'granted' | 'held' | 'suspended' | 'reversed';
  reasons: string[];
  wasCredited: boolean;
  stateBefore: 'granted' | 'held' | 'suspended' | 'reversed' | null;
  moved: CreditMovement[];
  /** Who is to have how many days of it while it is granted. */
  promised: CreditMovement[];
  revision: number;
}

/**
 * A referrer's n-th granted referral earned them extra days, or it is not granted any more. `days`
 * is signed.
 */
export interface ReferralMilestone {
  name: 'referral.milestone';
  referrerId: string;
  ordinal: number;
  days: number;
  isGranted: boolean;
  entryId: string;
}

/** Staff decided about a referral whose referred user has not paid yet. `at` is ISO 8601. */
export interface ReferralReviewed {
  name: 'referral.reviewed';
  referralId: string;
  referrerId: string | null;
  referredId: string;
  decision: 'approved' | 'rejected';
  at: string;
}
