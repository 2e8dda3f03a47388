import type { DomainError } from '../platform/errors.js';
import { plural, waitText } from '../platform/pages/words.js';

/** How long to wait, for somebody who tried too often. */
export function tooManyText(error: DomainError): string {
  return `Too many tries. Please wait ${waitText(error.options.retryAfterSeconds ?? 60)} and try again.`;
}

/** Why a code did not sign in, and what to do. */
export function problemText(error: DomainError): string {
  if (error.code === 'auth.too_many') return tooManyText(error);
  const left = attemptsLeft(error);
  if (left === 0) return 'This code is no longer good. Please ask for a new one.';
  return `That code is not right. ${plural(left, 'try is', 'tries are')} left.`;
}

/** Whether only a new code helps now. */
export function needsNewCode(error: DomainError): boolean {
  return error.code !== 'auth.too_many' && attemptsLeft(error) === 0;
}

function attemptsLeft(error: DomainError): number {
  const left = error.options.facts?.attemptsLeft;
  return typeof left === 'number' ? left : 0;
}
