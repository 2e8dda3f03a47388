import type { DomainError } from '../platform/errors.js';
import type { Words } from '../platform/locale/words.js';
import { waitIn } from '../platform/pages/words.js';

/** How long to wait, for somebody who tried too often. */
export function tooManyText(error: DomainError, t: Words): string {
  return t('login.tooMany', { wait: waitIn(t, error.options.retryAfterSeconds ?? 60) });
}

/** Why a code did not sign in, and what to do. */
export function problemText(error: DomainError, t: Words): string {
  if (error.code === 'auth.too_many') return tooManyText(error, t);
  const left = attemptsLeft(error);
  return left === 0 ? t('login.noLongerGood') : t('login.wrong', { left });
}

/** Whether only a new code helps now. */
export function needsNewCode(error: DomainError): boolean {
  return error.code !== 'auth.too_many' && attemptsLeft(error) === 0;
}

function attemptsLeft(error: DomainError): number {
  const left = error.options.facts?.attemptsLeft;
  return typeof left === 'number' ? left : 0;
}
