import { dayMs, hourMs } from '../platform/durations.js';
import type { Values, Words } from '../platform/locale/words.js';
import type { LetterContent } from './letter.js';
import { htmlPart } from './letter-layout.js';

/** Every letter there is, by its name in the catalogue (`letters.<name>.subject` and `.body`). */
export type LetterName =
  | 'signInCode'
  | 'newDevice'
  | 'addressChanged'
  | 'accountsMerged'
  | 'friendJoined'
  | 'friendCapped'
  | 'friendTooLate'
  | 'heldReferrer'
  | 'heldReferred'
  | 'reviewedReferrer'
  | 'reviewedReferred'
  | 'arrivedReferrer'
  | 'arrivedReferred'
  | 'granted'
  | 'ending'
  | 'suspended'
  | 'taken'
  | 'withheld'
  | 'underReview'
  | 'returned'
  | 'milestone'
  | 'accepted'
  | 'notAccepted'
  | 'paymentFailed'
  | 'paymentToConfirm';

/**
 * A letter in somebody's language. Its body is paragraphs, a blank line apart; one that comes out empty is left out. A
 * paragraph that is just `values.code` stands out. `unsubscribeUrl` makes it one that can be stopped.
 */
export function letterOf(
  t: Words,
  name: LetterName,
  values: Values,
  unsubscribeUrl: string | null = null,
): LetterContent {
  const paragraphs = t(`letters.${name}.body`, values)
    .split('\n\n')
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const footer = unsubscribeUrl === null ? null : t('letters.unsubscribe', { url: unsubscribeUrl });
  const code = typeof values.code === 'string' ? values.code : null;
  return {
    subject: t(`letters.${name}.subject`, values),
    text: `${[...paragraphs, ...(footer === null ? [] : [footer])].join('\n\n')}\n`,
    html: htmlPart(paragraphs, { locale: t.locale, code, footer }),
    ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }),
  };
}

/** "45 days", "44.9 days", and below one day "5 hours". `days` is positive. */
export function lengthIn(t: Words, days: number): string {
  if (days >= 1) return t('days.count', { days: Math.round(days * 10) / 10 });
  return t('days.hours', { hours: Math.max(1, Math.round((days * dayMs) / hourMs)) });
}
