import { getBrand } from '../../platform/brand.js';
import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import type { EmailContent } from '../mailers/mailer.js';
import { renderHtml } from './email-layout.js';

/** Every email there is, by its name in the translations (`emails.<name>.subject` and `.body`). */
export const emailTemplates = [
  'signInCode',
  'newDevice',
  'emailChanged',
  'staffInvitation',
  'testEmail',
  'secondFactorAdded',
  'secondFactorRemoved',
  'secondFactorGuessed',
  'accountsMerged',
  'friendJoined',
  'friendNoReward',
  'ownNoReward',
  'heldReferrer',
  'heldReferred',
  'underReviewReferrer',
  'underReviewReferred',
  'creditedReferrer',
  'creditedReferred',
  'creditGranted',
  'creditExpiring',
  'creditSuspended',
  'creditReversed',
  'creditWithheld',
  'creditUnderReview',
  'creditHeld',
  'creditRestored',
  'milestone',
  'referralApproved',
  'referralRejected',
  'paymentFailed',
  'paymentConfirmation',
  'webhookEndpointDisabled',
] as const;
/** One of {@link emailTemplates}. */
export type EmailTemplate = (typeof emailTemplates)[number];

/**
 * An email in a person's language. Its body is paragraphs, a blank line apart; one that comes out
 * empty is left out. A paragraph that is just `values.code` stands out; a last one that ends with a
 * link becomes a button. `unsubscribeUrl` makes it one that can be stopped.
 */
export function renderEmail(
  t: Translate,
  name: EmailTemplate,
  values: MessageValues,
  unsubscribeUrl: string | null = null,
): EmailContent {
  const paragraphs = t(`emails.${name}.body`, values)
    .split('\n\n')
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const { supportEmail } = getBrand();
  const footers = [
    supportEmail === null ? '' : t('emails.support', { address: supportEmail }),
    unsubscribeUrl === null ? '' : t('emails.unsubscribe', { url: unsubscribeUrl }),
  ];
  const footer = footers.filter(Boolean).join(' ') || null;
  const subject = t(`emails.${name}.subject`, values);
  const code = typeof values.code === 'string' ? values.code : null;
  return {
    template: name,
    subject,
    text: `${[...paragraphs, ...(footer === null ? [] : [footer])].join('\n\n')}\n`,
    html: renderHtml({ locale: t.locale, subject, paragraphs, code, footer }),
    ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }),
  };
}
