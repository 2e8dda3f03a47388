import type { DomainError } from '../../platform/errors.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { formatWait } from '../../platform/ui/format.js';

/** How long to wait, for a person who tried too often. */
export function tooManyAttemptsMessage(error: DomainError, t: Translate): string {
  return t('login.tooManyAttempts', { wait: formatWait(t, error.options.retryAfterSeconds ?? 60) });
}

/** Why a code did not sign in, and what to do. */
export function signInErrorMessage(error: DomainError, t: Translate): string {
  if (error.code === 'auth.too_many') return tooManyAttemptsMessage(error, t);
  const left = remainingAttempts(error);
  return left === 0 ? t('login.codeExpired') : t('login.wrongCode', { left });
}

/** Whether only a new code helps now. */
export function needsNewCode(error: DomainError): boolean {
  return error.code !== 'auth.too_many' && remainingAttempts(error) === 0;
}

function remainingAttempts(error: DomainError): number {
  const left = error.options.extensions?.attemptsLeft;
  return typeof left === 'number' ? left : 0;
}
