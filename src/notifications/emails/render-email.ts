import { getBrand } from '../../platform/brand.js';
import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import type { EmailContent } from '../mailers/mailer.js';
import { renderHtml, type FooterLine } from './email-layout.js';

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

/** What an email is filled with. `url` is where its button leads. */
export type EmailValues = MessageValues & { readonly url: string };

/**
 * An email in a person's language: paragraphs, a blank line apart, and one button. A paragraph that
 * comes out empty is left out; one that is just `values.code` stands out. `unsubscribeUrl` makes it
 * one that can be stopped.
 */
export function renderEmail(
  t: Translate,
  name: EmailTemplate,
  values: EmailValues,
  unsubscribeUrl: string | null = null,
): EmailContent {
  const paragraphs = t(`emails.${name}.body`, values)
    .split('\n\n')
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const button = { label: t(`emails.${name}.button`, values), url: values.url };
  const subject = subjectOf(t, name, values);
  const footer = footerOf(t, unsubscribeUrl);
  const code = typeof values.code === 'string' ? values.code : null;
  const lastLines = footer.map(({ text, link }) =>
    link === undefined ? text : `${text} ${link.label}: ${link.url}`,
  );
  return {
    template: name,
    subject,
    text: `${[...paragraphs, `${button.label}: ${button.url}`, lastLines.join('\n')].join('\n\n')}\n`,
    html: renderHtml({ locale: t.locale, subject, paragraphs, code, button, footer }),
    ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }),
  };
}

/** Who sent it, where to ask, and how to get no more of them. */
function footerOf(t: Translate, unsubscribeUrl: string | null): FooterLine[] {
  const { supportEmail } = getBrand();
  return [
    { text: t('emails.sentBy') },
    ...(supportEmail === null ? [] : [{ text: t('emails.support', { address: supportEmail }) }]),
    ...(unsubscribeUrl === null
      ? []
      : [
          {
            text: t('emails.unsubscribe.question'),
            link: { label: t('emails.unsubscribe.link'), url: unsubscribeUrl },
          },
        ]),
  ];
}

/** Lists of emails cut off longer subjects. */
const maxSubjectLength = 70;
/** Values that hold a name, at their end. */
const namingValues = ['friend', 'inviter', 'occasion', 'host'];

/** A subject that fits; where it would not, the names in it are shortened first. */
function subjectOf(t: Translate, name: EmailTemplate, values: EmailValues): string {
  const subject = t(`emails.${name}.subject`, values);
  const excess = [...subject].length - maxSubjectLength;
  if (excess <= 0) return subject;
  const shortened = namingValues.flatMap((key) => {
    const value = values[key];
    return typeof value === 'string' ? [[key, shorten(value, [...value].length - excess)] as const] : [];
  });
  const filled = { ...values, ...Object.fromEntries(shortened) };
  return shorten(t(`emails.${name}.subject`, filled), maxSubjectLength);
}

/** At most `length` characters of a text, the last of which says that more is missing. */
function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, Math.max(length - 1, 1))
        .join('')
        .trimEnd()}…`;
}
