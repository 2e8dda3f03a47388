import { maxCodeLength } from '../../referral/index.js';

/**
 * The query parameters that may carry a code: that of this site, and those of the tools that people
 * come from (Rewardful, Dub and Tolt write `via`, FirstPromoter `fpr`). The first that is given
 * counts.
 */
export const referralParameters = ['ref', 'via', 'fpr'] as const;

/** The code that the query of a link carries, at most 100 characters; null without one. */
export function readReferralCode(query: unknown): string | null {
  const given = query as Record<string, unknown>;
  for (const name of referralParameters) {
    const value = given[name];
    if (typeof value === 'string' && value.trim() !== '') return shortenCode(value.trim());
  }
  return null;
}

/** As many characters as a code can have; one beyond the first 65,536 counts once. */
export function shortenCode(text: string): string {
  return [...text].slice(0, maxCodeLength).join('');
}
