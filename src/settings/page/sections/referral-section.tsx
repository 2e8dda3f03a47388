import type { Translate } from '../../../platform/i18n/translations.js';
import { CopyButton, Section, ErrorBanner } from '../../../platform/ui/components.js';
import { Field, Form, SettingsButton } from '../../../platform/ui/form.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { problemOf, type SettingsPageModel } from '../settings-page-model.js';

/** The user's code, ways to share it, and the results so far. */
export function ReferralSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { referral } = model;
  const link = safeHref(referral.link);
  return (
    <Section id="referral" title={t('settings.titles.referral')}>
      <p>{referral.reward}</p>
      <div class="invite">
        <div class="invite-words">
          <p class="invite-label">{t('share.code')}</p>
          <p class="code">{referral.code}</p>
          <p class="actions">
            <CopyButton text={referral.code} label={t('share.copyCode')} />
            <CopyButton text={referral.link} label={t('share.copyLink')} />
          </p>
          <p class="invite-label">{t('share.link')}</p>
          <p>{link ? <a href={link}>{referral.link}</a> : referral.link}</p>
        </div>
        <img
          class="qr"
          src="/api/v1/referral/qr.svg"
          alt={t('share.qr')}
          width="160"
          height="160"
          loading="lazy"
        />
      </div>
      <p class="invite-label">{t('share.shareBy')}</p>
      <ul class="share">
        {shareLinks(t, referral.link, referral.friendCreditDays).map(({ label, href }) => (
          <li key={label}>
            <a class="btn" data-tone="plain" href={href} target="_blank" rel="noopener noreferrer">
              {label}
            </a>
          </li>
        ))}
      </ul>
      <ReferralCounts referral={referral} />
      <ReferralCodeForms model={model} />
      <p class="hint">{t('share.activeHint')}</p>
    </Section>
  );
}

function ReferralCounts({
  referral: { activeCredits, daysOnAccount: days, counts },
}: {
  referral: SettingsPageModel['referral'];
}) {
  const t = useTranslate();
  const shownCounts: [string, number][] = [
    [t('share.counts.active'), activeCredits],
    [t('share.counts.invited'), counts.invited],
    [t('share.counts.pending'), counts.pending],
    [t('share.counts.converted'), counts.converted],
  ];
  const optionalCounts: [string, number][] = [
    [t('share.counts.held'), counts.held],
    [t('share.counts.reversed'), counts.reversed],
    [t('share.counts.rejected'), counts.rejected],
  ];
  return (
    <>
      <dl class="figures">
        {[...shownCounts, ...optionalCounts.filter(([, count]) => count > 0)].map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {days > 0 ? <p class="days-inline">{t('duration.daysOnAccount', { days })}</p> : null}
    </>
  );
}

/**
 * Changes one's code (posts `code` to /settings/code, empty for a new one), and adds a forgotten
 * invitation (`claimed` to /settings/claim).
 */
export function ReferralCodeForms({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { csrf } = model.viewer;
  const { clicks, signUps, conversions } = model.linkStats;
  return (
    <>
      <ErrorBanner text={problemOf(model, 'referral')} />
      <details class="more">
        <summary>{t('codes.change')}</summary>
        <Form action="/settings/code" csrf={csrf}>
          <Field
            id="ownCode"
            name="code"
            label={t('codes.wanted')}
            maxlength={24}
            autocomplete="off"
            hint={t('codes.wantedHint')}
          />
          <SettingsButton>{t('codes.changeButton')}</SettingsButton>
        </Form>
      </details>
      {model.canClaimReferral ? (
        <details class="more">
          <summary>{t('codes.claim')}</summary>
          <Form action="/settings/claim" csrf={csrf}>
            <Field
              id="claimed"
              name="claimed"
              label={t('login.code')}
              maxlength={100}
              autocomplete="off"
              required
              hint={t('codes.claimHint')}
            />
            <SettingsButton>{t('codes.claimButton')}</SettingsButton>
          </Form>
        </details>
      ) : null}
      <p class="hint">{t('codes.linkStats', { visits: clicks, signUps, conversions })}</p>
    </>
  );
}

/**
 * A way to pass an invitation on: a plain link that opens the other service with the text filled
 * in.
 */
export interface ShareLink {
  label: string;
  href: string;
}

/** Ways to share `link`; the text promises a friend `friendDays` days. */
export function shareLinks(t: Translate, link: string, friendDays: number): ShareLink[] {
  const text = t('share.text', { days: friendDays });
  const [url, words, both] = [link, text, `${text} ${link}`].map(encodeURIComponent);
  return [
    {
      label: t('share.email'),
      href: `mailto:?subject=${encodeURIComponent(t('share.subject'))}&body=${both}`,
    },
    { label: 'WhatsApp', href: `https://wa.me/?text=${both}` },
    { label: 'Telegram', href: `https://t.me/share/url?url=${url}&text=${words}` },
    { label: 'X', href: `https://x.com/intent/post?text=${words}&url=${url}` },
  ];
}
