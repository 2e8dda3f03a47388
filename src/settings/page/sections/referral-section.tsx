import { CopyButton, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import type { SettingsPageModel } from '../settings-page-model.js';

/** The user's code and the results so far, in short; the page of invitations has the rest. */
export function ReferralSection({ model: { referral, copyLink } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const link = safeHref(referral.link);
  return (
    <Section id="referral" title={t('settings.titles.referral')}>
      <p>{referral.reward}</p>
      {referral.creditWorth === null ? null : <p class="hint">{referral.creditWorth}</p>}
      <p class="invite-label">{t('share.code')}</p>
      <p class="code">{referral.code}</p>
      <p class="invite-label">{t('share.link')}</p>
      <p>{link ? <a href={link}>{referral.link}</a> : referral.link}</p>
      <p class="actions">
        <a class="btn" data-tone="main" href="/invite">
          {t('inviteFriends.open')}
        </a>
        <CopyButton text={copyLink} label={t('share.copyLink')} />
      </p>
      <ReferralCounts referral={referral} />
    </Section>
  );
}

/** How many invitations are where, and the days that all credit adds up to. */
export function ReferralCounts({
  referral: { activeCredits, daysOnAccount: days, counts },
}: {
  referral: Pick<SettingsPageModel['referral'], 'activeCredits' | 'daysOnAccount' | 'counts'>;
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
