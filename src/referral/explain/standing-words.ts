import { fallbackLocale } from '../../platform/locale/catalogue.js';
import { wordsIn, type Words } from '../../platform/locale/words.js';
import type { StandingReason } from '../conversions/conversion.js';

/** What stands hardest in the way comes first: what is said of it is true whatever becomes of the others. */
const byWeight: readonly StandingReason[] = [
  'by_hand',
  'rejected',
  'fraud',
  'budget_exhausted',
  'paid_before_invited',
  'refunded',
  'dispute_lost',
  'dispute_open',
];

const flags = ['inquiry', 'early_fraud_warning'];

const english = wordsIn(fallbackLocale);

/** Why a conversion does not stand, in a plain sentence for each reason; empty where it stands. */
export function whyNot(reasons: readonly string[], t: Words = english): string {
  return sentences(reasons, 'why', t).join(' ');
}

/** What happens next about a conversion that does not stand; empty where it does. */
export function whatNext(reasons: readonly string[], t: Words = english): string {
  return sentences(reasons, 'next', t)[0] ?? '';
}

/** Why a conversion stands again, from the reasons that have fallen away. */
export function whySettled(reasons: readonly string[], t: Words = english): string {
  return sentences(reasons, 'settled', t).join(' ');
}

/** What makes a payment doubtful for which nothing is taken; empty without a flag. */
export function whatIsFlagged(raised: readonly string[], t: Words = english): string {
  return flags
    .filter((flag) => raised.includes(flag))
    .map((flag) => t(`standing.flags.${flag}`))
    .join(' ');
}

/** A job may have been written by another version: what it says that is not known here is left out. */
function sentences(reasons: readonly string[], about: 'why' | 'next' | 'settled', t: Words): string[] {
  return byWeight
    .filter((reason) => reasons.includes(reason))
    .map((reason) => t(`standing.${reason}.${about}`));
}
