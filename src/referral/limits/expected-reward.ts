import { dayMs } from '../../platform/durations.js';
import type { Terms } from '../terms/terms.js';

/**
 * What the limits of terms leave. `placesTaken`: of the referrer’s cap, in its window.
 * `budgetLeftMs` null: the terms have no budget.
 */
export interface RemainingLimits {
  placesTaken: number;
  budgetLeftMs: number | null;
}

/** What both sides would be credited if the first payment came now; 0 for a side that gets none. */
export interface ExpectedReward {
  referrerDays: number;
  referredDays: number;
  /** The referrer's cap is reached: only the referred user is rewarded. */
  isCapped: boolean;
  /** The budget has not enough left: neither side is rewarded. */
  isExhausted: boolean;
}

/** Whether a referrer with so many places taken gets no more of these terms. */
export function isCapReached(
  { cap, referrerDays }: Pick<Terms, 'cap' | 'referrerDays'>,
  placesTaken: number,
) {
  return cap !== null && referrerDays > 0 && placesTaken >= cap.conversions;
}

/** What a first payment under these terms would bring now. */
export function expectedReward(
  terms: Pick<Terms, 'cap' | 'referrerDays' | 'referredDays'>,
  { placesTaken, budgetLeftMs }: RemainingLimits,
): ExpectedReward {
  const isCapped = isCapReached(terms, placesTaken);
  const referrerDays = isCapped ? 0 : terms.referrerDays;
  const { referredDays } = terms;
  const isExhausted = budgetLeftMs !== null && budgetLeftMs < (referrerDays + referredDays) * dayMs;
  if (isExhausted) return { referrerDays: 0, referredDays: 0, isCapped, isExhausted };
  return { referrerDays, referredDays, isCapped, isExhausted };
}
