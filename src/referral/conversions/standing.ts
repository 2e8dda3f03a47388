import { linkedBeforePayment } from '../codes/code.js';
import type { FirstPayment, RiskFlag, StandingReason, StandingState } from './conversion.js';

/** Whether a conversion stands, and the first payment that this follows. Both lists are sorted. */
export interface Verdict {
  state: StandingState;
  reasons: StandingReason[];
  flags: RiskFlag[];
  invoiceId: string;
}

/** A verdict as stored. `creditedAt` null: the conversion never stood so far. */
export interface Standing extends Verdict {
  creditedAt: Date | null;
}

/** How a conversion stands by its first payment. Of the reasons so far only a person's own stays: the others are found anew. */
export function standingBy(
  payment: FirstPayment,
  linkedAt: Date,
  reasonsSoFar: readonly StandingReason[],
): Verdict {
  const reasons: StandingReason[] = [...payment.reasons];
  if (!linkedBeforePayment(linkedAt, payment.paidAt)) reasons.push('paid_before_invited');
  if (reasonsSoFar.includes('by_hand')) reasons.push('by_hand');
  reasons.sort();
  return { state: stateOf(reasons), reasons, flags: [...payment.flags].sort(), invoiceId: payment.invoiceId };
}

/** What the reasons against a conversion make of it. */
export function stateOf(reasons: readonly StandingReason[]): StandingState {
  if (reasons.length === 0) return 'good';
  return reasons.every((reason) => reason === 'dispute_open') ? 'suspended' : 'reversed';
}

/** Whether two verdicts say the same. */
export function sameStanding(one: Verdict, other: Verdict): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** A verdict in one line. */
export function wordsOf({ state, reasons, flags, invoiceId }: Verdict): string {
  return [`${state} by ${invoiceId}`, ...reasons, ...flags].join(', ');
}
