import { getBrand } from '../../platform/brand.js';
import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import { formatDays } from '../../platform/ui/format.js';
import type { EmailTemplate } from './render-email.js';

/** What each email could be filled with, for the gallery. */
export function exampleValues(t: Translate, name: EmailTemplate, settingsUrl: string): MessageValues {
  const friend = 'Bert';
  const days = 45;
  const date = new Intl.DateTimeFormat(t.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(exampleDate);
  const why = t('emailExamples.why');
  const own: Partial<Record<EmailTemplate, MessageValues>> = {
    friendJoined: { text: t('emailExamples.promise', { days }), why: '' },
    heldReferrer: { text: t('emailExamples.held', { days, date }) },
    heldReferred: { text: t('emailExamples.held', { days, date }) },
    underReviewReferrer: { text: t('emailExamples.underReview') },
    underReviewReferred: { text: t('emailExamples.underReview') },
    referralApproved: { text: t('emailExamples.promise', { days }), why: '' },
    friendNoReward: { text: t('emailExamples.none'), why, next: '' },
    creditUnderReview: { text: t('emailExamples.underReview') },
    creditHeld: { text: t('emailExamples.held', { days, date }) },
    ownNoReward: { text: t('emailExamples.none'), why, next: '' },
  };
  return {
    ...{ code: '482913', minutes: 10, device: 'Firefox, Linux', date, address: 'anna@example.org' },
    ...{
      friend,
      inviter: 'Anna',
      days,
      ...{ length: formatDays(t, days), count: days, hasMoved: 'yes' },
      occasion: t('emailExamples.occasion', { friend }),
    },
    ...{ text: '', why, next: '', invitations: 5, side: 'referrer', url: settingsUrl },
    ...{ attempts: 5, kind: 'passkey', role: 'support', host: 'app.example', reason: 'gone' },
    product: getBrand().productName,
    endpointId: '0197a3c4-5d6e-7f80-9123-456789abcdef',
    ...own[name],
  };
}

const exampleDate = new Date('2026-05-12T12:00:00Z');
