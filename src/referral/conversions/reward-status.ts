/** Why the money of a first payment does not count, for now or for good. */
export type PaymentReason = 'refunded' | 'dispute_open' | 'dispute_lost';

/** What makes a payment doubtful while its money has not moved. Nothing is taken for it. */
export type RiskFlag = 'inquiry' | 'early_fraud_warning';

/**
 * The payment that may convert a referral, and why its money may not count. `paidAt` has whole
 * seconds.
 */
export interface FirstPayment {
  invoiceId: string;
  /** It was stored in this transaction: no referral can have converted by it. */
  isNew?: boolean;
  paidAt: Date;
  reasons: readonly PaymentReason[];
  flags: readonly RiskFlag[];
}

/**
 * Why a reward was refused: by the rules, by a person who reviewed it, or because the budget was
 * used up.
 */
export type Refusal = 'fraud' | 'rejected' | 'budget_exhausted';

/**
 * Why a reward is not granted. Several reasons may apply at once; it is restored when none is left.
 */
export type StatusReason = PaymentReason | 'paid_before_invited' | 'manual' | Refusal;

/**
 * What a reward waits for: that the payment can hardly be refunded any more, or that a person has
 * checked it.
 */
export type Hold = 'refund_window' | 'review';

/**
 * `suspended`: only a dispute that is still open speaks against it. `held`: nothing does, but it
 * has to wait.
 */
export type RewardState = 'granted' | 'held' | 'suspended' | 'reversed';

/** What the fraud rules say about a referral, and what staff decided; staff win. */
export interface Review {
  outcome: 'allow' | 'review' | 'reject';
  decision: 'approved' | 'rejected' | null;
}

/** A referral that met its qualifying payment. */
export interface Conversion {
  id: string;
  referralId: string;
  referrerId: string | null;
  referredId: string;
  convertedAt: Date;
  /** When both sides were first credited; null while the reward was never granted. */
  creditedAt: Date | null;
  state: RewardState;
  holds: readonly Hold[];
  /** When the refund window closes; null under terms without one. */
  releaseAt: Date | null;
  /** The referrer’s cap was reached: only the referred user is rewarded. */
  capped: boolean;
  /** Whether this call created it; false for one that was there already. */
  isNew: boolean;
}

/** What a first payment says: why it does not count, if it does not, and what makes it doubtful. */
export interface PaymentFindings {
  reasons: StatusReason[];
  flags: RiskFlag[];
  invoiceId: string;
}

/** The reward status that follows from a payment, a review and the limits. The lists are sorted. */
export interface StatusDecision extends PaymentFindings {
  state: RewardState;
  holds: Hold[];
  releaseAt: Date | null;
}

/**
 * A status decision as stored. `creditedAt` null: never granted so far. `capped`: only the referred
 * user is rewarded.
 */
export interface RewardStatus extends StatusDecision {
  creditedAt: Date | null;
  capped: boolean;
}

/**
 * All that a status decision follows from, besides the payment. `now` null: nothing is due, nothing
 * is retried.
 */
export interface StatusFactors {
  before: RewardStatus | null;
  review: Review | null;
  releaseAt: Date | null;
  now: Date | null;
}

/**
 * Whether a referral that was linked at `linkedAt` came before a payment at `paidAt` (in whole
 * seconds, as Stripe gives it).
 */
export function linkedBeforePayment(linkedAt: Date, paidAt: Date): boolean {
  const clockToleranceMs = 5 * 60_000;
  return Math.floor(linkedAt.getTime() / 1000) * 1000 <= paidAt.getTime() + clockToleranceMs;
}

/** What a first payment says of a referral that was linked at `linkedAt`. */
export function evaluatePayment(payment: FirstPayment, linkedAt: Date): PaymentFindings {
  const reasons: StatusReason[] = [...payment.reasons];
  if (!linkedBeforePayment(linkedAt, payment.paidAt)) reasons.push('paid_before_invited');
  return { reasons, flags: [...payment.flags].sort(), invoiceId: payment.invoiceId };
}

const paymentReasons: readonly StatusReason[] = [
  'refunded',
  'dispute_open',
  'dispute_lost',
  'paid_before_invited',
];

/** The part of a reward status that came from its payment. */
export function paymentFindingsOf({ reasons, flags, invoiceId }: RewardStatus): PaymentFindings {
  return { reasons: reasons.filter((reason) => paymentReasons.includes(reason)), flags, invoiceId };
}

/**
 * The reward status of a conversion. Reasons from the payment and the review are determined again;
 * a manual reversal stays until staff lift it, and an exhausted budget until staff approve.
 */
export function decideStatus(findings: PaymentFindings, factors: StatusFactors): StatusDecision {
  const { before, review, now } = factors;
  const releaseAt = before === null ? factors.releaseAt : before.releaseAt;
  const reasons = [...findings.reasons];
  if (before?.reasons.includes('manual')) reasons.push('manual');
  const isRetried = now !== null && review?.decision === 'approved';
  if (before?.reasons.includes('budget_exhausted') && !isRetried) reasons.push('budget_exhausted');
  if (review?.decision === 'rejected') reasons.push('rejected');
  if (review?.decision === null && review.outcome === 'reject') reasons.push('fraud');
  reasons.sort();
  const holds = holdsFor(factors, releaseAt);
  return { ...findings, state: stateFor(reasons, holds), reasons, holds, releaseAt };
}

/** The state that follows from reasons and holds. */
export function stateFor(reasons: readonly StatusReason[], holds: readonly Hold[]): RewardState {
  if (reasons.length === 0) return holds.length === 0 ? 'granted' : 'held';
  return reasons.every((reason) => reason === 'dispute_open') ? 'suspended' : 'reversed';
}

/** Whether a conversion takes its place in a cap and its days of a budget. */
export function needsReservation(rewardStatus: { state: RewardState } | null): boolean {
  return rewardStatus !== null && rewardStatus.state !== 'reversed';
}

/** Whether two status decisions are the same. */
export function isSameStatus(one: StatusDecision, other: StatusDecision): boolean {
  return describeStatus(one) === describeStatus(other);
}

/** A status decision in one line. */
export function describeStatus({ state, reasons, flags, holds, invoiceId }: StatusDecision): string {
  const waitsFor = holds.map((hold) => `waits for ${hold}`);
  return [`${state} by ${invoiceId}`, ...reasons, ...flags, ...waitsFor].join(', ');
}

/** A window that has closed once never opens again. */
function holdsFor({ before, review, now }: StatusFactors, releaseAt: Date | null): Hold[] {
  const holds: Hold[] = [];
  const wasOpen = before === null || before.holds.includes('refund_window');
  if (releaseAt !== null && wasOpen && (now === null || now < releaseAt)) holds.push('refund_window');
  if (review?.decision === null && review.outcome === 'review') holds.push('review');
  return holds;
}
