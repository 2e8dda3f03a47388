import type { StandingReason } from './conversion.js';

const words: Record<StandingReason, string> = {
  refunded: 'The first payment was refunded in full.',
  dispute_open: 'The bank disputes the first payment. If the dispute is won, the days come back.',
  dispute_lost: 'The bank took the first payment back.',
  paid_before_invited: 'There was a payment before the invitation.',
  by_hand: 'Our team took the credit back.',
};

/** Why a conversion does not stand, in a plain sentence for each reason. */
export function whyNot(reasons: readonly string[]): string {
  return reasons.flatMap((reason) => words[reason as StandingReason] ?? []).join(' ');
}
