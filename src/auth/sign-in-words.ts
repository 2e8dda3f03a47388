import type { DomainError } from '../platform/errors.js';

/** How long to wait, for somebody who tried too often. */
export function waitText(error: DomainError): string {
  const minutes = Math.ceil((error.options.retryAfterSeconds ?? 60) / 60);
  return `Too many tries. Please wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and try again.`;
}

/** Why a code did not sign in, and what to do. */
export function problemText(error: DomainError): string {
  if (error.code === 'auth.too_many') return waitText(error);
  const left = error.options.facts?.attemptsLeft;
  if (typeof left !== 'number' || left === 0) return 'This code is no longer good. Please ask for a new one.';
  return `That code is not right. ${left} ${left === 1 ? 'try is' : 'tries are'} left.`;
}
