import { fallbackLocale, getTranslator, type Translate } from '../../platform/i18n/translations.js';
import type { StatusReason } from '../conversions/reward-status.js';

/** The most serious reason first: what its text says stays true whatever happens to the others. */
const reasonsBySeverity: readonly StatusReason[] = [
  'manual',
  'rejected',
  'fraud',
  'budget_exhausted',
  'paid_before_invited',
  'refunded',
  'dispute_lost',
  'dispute_open',
];

const knownFlags = ['inquiry', 'early_fraud_warning'];

const english = getTranslator(fallbackLocale);

/**
 * Why a reward is not granted: a key of the translations for each reason, the most serious first.
 */
export function reasonKeys(reasons: readonly string[]): string[] {
  return keys(reasons, 'reason');
}

/** What happens next with a reward that is not granted, as a key; null where it is. */
export function nextStepKey(reasons: readonly string[]): string | null {
  return keys(reasons, 'nextStep')[0] ?? null;
}

/** Why a reward is not granted, a sentence for each reason; empty where it is granted. */
export function reasonText(reasons: readonly string[], t: Translate = english): string {
  return reasonKeys(reasons)
    .map((key) => t(key))
    .join(' ');
}

/** What happens next with a reward that is not granted; empty where it is. */
export function nextStepText(reasons: readonly string[], t: Translate = english): string {
  const key = nextStepKey(reasons);
  return key === null ? '' : t(key);
}

/** Why a reward is granted again, from the reasons that were resolved. */
export function resolvedText(reasons: readonly string[], t: Translate = english): string {
  return keys(reasons, 'resolved')
    .map((key) => t(key))
    .join(' ');
}

/** What makes a payment doubtful for which nothing is taken; empty without a flag. */
export function flagText(raised: readonly string[], t: Translate = english): string {
  return knownFlags
    .filter((flag) => raised.includes(flag))
    .map((flag) => t(`rewardStatus.flags.${flag}`))
    .join(' ');
}

/** A job may have been written by another version: reasons that are unknown here are left out. */
function keys(reasons: readonly string[], about: 'reason' | 'nextStep' | 'resolved'): string[] {
  return reasonsBySeverity
    .filter((reason) => reasons.includes(reason))
    .map((reason) => `rewardStatus.${reason}.${about}`);
}
