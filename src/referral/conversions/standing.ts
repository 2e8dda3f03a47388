import { linkedBeforePayment } from '../codes/code.js';
import type { FirstPayment, Hold, Review, RiskFlag, StandingReason, StandingState } from './conversion.js';

/** What a first payment says: why it does not count, if it does not, and what makes it doubtful. */
export interface Money {
  reasons: StandingReason[];
  flags: RiskFlag[];
  invoiceId: string;
}

/** Whether a conversion stands, and the first payment that this follows. The lists are sorted. */
export interface Verdict extends Money {
  state: StandingState;
  holds: Hold[];
  releaseAt: Date | null;
}

/** A verdict as stored. `creditedAt` null: the conversion never stood so far. `capped`: only the newcomer is rewarded. */
export interface Standing extends Verdict {
  creditedAt: Date | null;
  capped: boolean;
}

/** All that a verdict follows from, beside the money. `now` null: nothing is due, nothing is tried again. */
export interface Circumstances {
  before: Standing | null;
  review: Review | null;
  releaseAt: Date | null;
  now: Date | null;
}

/** What a first payment says of a referral that was linked at `linkedAt`. */
export function moneyOf(payment: FirstPayment, linkedAt: Date): Money {
  const reasons: StandingReason[] = [...payment.reasons];
  if (!linkedBeforePayment(linkedAt, payment.paidAt)) reasons.push('paid_before_invited');
  return { reasons, flags: [...payment.flags].sort(), invoiceId: payment.invoiceId };
}

const ofMoney: readonly StandingReason[] = [
  'refunded',
  'dispute_open',
  'dispute_lost',
  'paid_before_invited',
];

/** The part of a standing that came from its payment. */
export function moneyIn({ reasons, flags, invoiceId }: Standing): Money {
  return { reasons: reasons.filter((reason) => ofMoney.includes(reason)), flags, invoiceId };
}

/**
 * How a conversion stands. What money and review say is found anew; a person's reversal stays until a person lifts it, and
 * an exhausted budget until a person approves.
 */
export function verdictOf(money: Money, circumstances: Circumstances): Verdict {
  const { before, review, now } = circumstances;
  const releaseAt = before === null ? circumstances.releaseAt : before.releaseAt;
  const reasons = [...money.reasons];
  if (before?.reasons.includes('by_hand')) reasons.push('by_hand');
  const isTriedAgain = now !== null && review?.decision === 'approved';
  if (before?.reasons.includes('budget_exhausted') && !isTriedAgain) reasons.push('budget_exhausted');
  if (review?.decision === 'rejected') reasons.push('rejected');
  if (review?.decision === null && review.outcome === 'reject') reasons.push('fraud');
  reasons.sort();
  const holds = holdsOf(circumstances, releaseAt);
  return { ...money, state: stateOf(reasons, holds), reasons, holds, releaseAt };
}

/** What reasons and holds make of a conversion. */
export function stateOf(reasons: readonly StandingReason[], holds: readonly Hold[]): StandingState {
  if (reasons.length === 0) return holds.length === 0 ? 'good' : 'held';
  return reasons.every((reason) => reason === 'dispute_open') ? 'suspended' : 'reversed';
}

/** Whether a conversion takes its place in a cap and its days of a budget. */
export function isClaimed(standing: { state: StandingState } | null): boolean {
  return standing !== null && standing.state !== 'reversed';
}

/** Whether two verdicts say the same. */
export function sameStanding(one: Verdict, other: Verdict): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** A verdict in one line. */
export function wordsOf({ state, reasons, flags, holds, invoiceId }: Verdict): string {
  const waitsFor = holds.map((hold) => `waits for ${hold}`);
  return [`${state} by ${invoiceId}`, ...reasons, ...flags, ...waitsFor].join(', ');
}

/** A window that has closed once never opens again. */
function holdsOf({ before, review, now }: Circumstances, releaseAt: Date | null): Hold[] {
  const holds: Hold[] = [];
  const wasOpen = before === null || before.holds.includes('refund_window');
  if (releaseAt !== null && wasOpen && (now === null || now < releaseAt)) holds.push('refund_window');
  if (review?.decision === null && review.outcome === 'review') holds.push('review');
  return holds;
}
