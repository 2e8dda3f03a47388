/** A verified newcomer came with somebody's code. */
export interface ReferralLinked {
  name: 'referral.linked';
  referralId: string;
  referrerId: string;
  referredId: string;
  code: string;
}

/** What somebody received on their side of a referral; negative where it was taken. `days` may have decimals. */
export interface MovedCredit {
  side: 'referrer' | 'referred';
  userId: string;
  days: number;
}

/**
 * A referral met its qualifying payment. `credited` lists who received how many days; the referrer is missing there
 * when their account is gone, and everybody when the payment had been taken back already. Times are ISO 8601.
 */
export interface ReferralConverted {
  name: 'referral.converted';
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: string;
  credited: MovedCredit[];
}

/**
 * The credit of a conversion was taken back, or given back. `reasons` are those that speak against it now, and on a
 * restoration those that fell away. `turn` counts the turns of its credit: it tells one reversal from the next.
 */
export interface ReferralTurned {
  name: 'referral.reversed' | 'referral.restored';
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  state: 'good' | 'suspended' | 'reversed';
  reasons: string[];
  moved: MovedCredit[];
  turn: number;
}
