import { renderToString } from '#jsx/jsx-runtime';
import { getBrand } from '../../platform/brand.js';
import type { MessageValues, Translate } from '../../platform/i18n/translations.js';
import type { EmailContent } from '../mailers/mailer.js';

/**
 * An email's paragraphs as its HTML part. Mail readers know no style sheets: what little style
 * there is stands on the elements.
 */
export function renderHtml(
  paragraphs: readonly string[],
  { locale, code, footer }: { locale: string; code: string | null; footer: string | null },
): string {
  const { brandColour } = getBrand();
  const bar = brandColour === null ? '' : `; border-top: 4px solid ${brandColour}`;
  return `<!doctype html>${renderToString(
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <style>{`:root { color-scheme: light dark; }`}</style>
      </head>
      <body
        style={`font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere${bar}`}
      >
        {paragraphs.map((paragraph) =>
          paragraph === code ? (
            <p style="font: bold 32px/1.2 monospace; letter-spacing: 6px">{paragraph}</p>
          ) : (
            <p>{linkify(paragraph)}</p>
          ),
        )}
        {footer === null ? null : (
          <p style="font-size: 14px; opacity: 0.75; border-top: 1px solid; padding-top: 1em">
            {linkify(footer)}
          </p>
        )}
      </body>
    </html>,
  )}`;
}

/** Our own URLs become links; everything else is text. */
function linkify(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? <a href={part}>{part}</a> : part));
}

/** Every email there is, by its name in the translations (`emails.<name>.subject` and `.body`). */
export const emailTemplates = [
  'signInCode',
  'newDevice',
  'emailChanged',
  'staffInvitation',
  'testEmail',
  'secondFactorAdded',
  'secondFactorRemoved',
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
 * empty is left out. A paragraph that is just `values.code` stands out. `unsubscribeUrl` makes it
 * one that can be stopped.
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
  const code = typeof values.code === 'string' ? values.code : null;
  return {
    template: name,
    subject: t(`emails.${name}.subject`, values),
    text: `${[...paragraphs, ...(footer === null ? [] : [footer])].join('\n\n')}\n`,
    html: renderHtml(paragraphs, { locale: t.locale, code, footer }),
    ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }),
  };
}
