/** A verified newcomer came with somebody's code. */
export interface ReferralLinked {
  name: 'referral.linked';
  referralId: string;
  referrerId: string;
  referredId: string;
  code: string;
}

/**
 * A referral met its qualifying payment and the credit was granted. `credited` lists who received how
 * many days; the referrer is missing there when their account is gone. Times are ISO 8601.
 */
export interface ReferralConverted {
  name: 'referral.converted';
  conversionId: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: string;
  credited: { side: 'referrer' | 'referred'; userId: string; days: number }[];
}
