import { CopyButton, Section } from '../../platform/pages/parts.js';
import { safeHref } from '../../platform/pages/links.js';
import { useWords } from '../../platform/pages/use-words.js';
import { CodeForms } from './code-forms.js';
import { rewardSentence } from './reward.js';
import type { ReferralModel, SettingsModel } from './settings-model.js';
import { shareLinks } from './share-links.js';

/** One's code, ways to share it, and how it has gone so far. */
export function ReferralSection({ model }: { model: SettingsModel }) {
  const t = useWords();
  const { referral, reward } = model;
  const link = safeHref(referral.link);
  return (
    <Section id="referral" title={t('settings.titles.referral')}>
      <p>{reward.paused ? t('share.paused') : rewardSentence(t, reward)}</p>
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
      <p class="invite-label">{t('share.by')}</p>
      <ul class="share">
        {shareLinks(t, referral.link, reward.paused ? 0 : reward.referredDays).map(({ label, href }) => (
          <li key={label}>
            <a class="btn" data-tone="plain" href={href} target="_blank" rel="noopener noreferrer">
              {label}
            </a>
          </li>
        ))}
      </ul>
      <Figures referral={referral} />
      <CodeForms model={model} />
      <p class="hint">{t('share.active')}</p>
    </Section>
  );
}

function Figures({ referral: { activeCredits, daysOnAccount: days, counts } }: { referral: ReferralModel }) {
  const t = useWords();
  const figures: [string, number][] = [
    [t('share.figures.active'), activeCredits],
    [t('share.figures.invited'), counts.invited],
    [t('share.figures.pending'), counts.pending],
    [t('share.figures.converted'), counts.converted],
  ];
  const rare: [string, number][] = [
    [t('share.figures.held'), counts.held],
    [t('share.figures.reversed'), counts.reversed],
    [t('share.figures.rejected'), counts.rejected],
  ];
  return (
    <>
      <dl class="figures">
        {[...figures, ...rare.filter(([, count]) => count > 0)].map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {days > 0 ? <p class="days-inline">{t('days.onAccount', { days })}</p> : null}
    </>
  );
}
