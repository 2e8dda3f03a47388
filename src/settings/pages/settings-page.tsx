import { Layout } from '../../platform/pages/layout.js';
import type { Reader } from '../../platform/pages/moment.js';
import { Banner } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { useWords } from '../../platform/pages/use-words.js';
import { AccessSection } from './access-section.js';
import { BackupSection } from './backup-section.js';
import { CreditSection } from './credit-section.js';
import { DataSection, EraseSection } from './data-section.js';
import { DevicesSection } from './devices-section.js';
import { EmailSection } from './email-section.js';
import { FollowedInviteBanner } from './followed-invite.js';
import { InvitesSection } from './invites-section.js';
import { LettersSection } from './letters-section.js';
import { notices } from './notices.js';
import { ProfileSection } from './profile-section.js';
import { ReferralSection } from './referral-section.js';
import type { SectionId, SettingsModel } from './settings-model.js';
import { SubscriptionSection } from './subscription-section.js';

const contents: SectionId[] = [
  ...(['access', 'referral', 'invites', 'credit', 'subscription', 'devices', 'letters'] as const),
  ...(['profile', 'email', 'backup', 'data', 'erase'] as const),
];

/** The settings of somebody who is signed in. Each section says which form goes where. */
export function settingsPage(model: SettingsModel, locale?: string): string {
  return renderPage(<SettingsPage model={model} />, locale);
}

function SettingsPage({ model }: { model: SettingsModel }) {
  const t = useWords();
  const reader: Reader = model.user;
  return (
    <Layout title={t('layout.settings')} viewer={model.viewer} width="wide" current="/settings">
      <div class="settings">
        <Contents />
        <div class="settings-sections">
          <h1>{t('layout.settings')}</h1>
          <Messages model={model} />
          <AccessSection model={model} reader={reader} />
          <ReferralSection model={model} />
          <InvitesSection model={model} reader={reader} />
          <CreditSection model={model} reader={reader} />
          <SubscriptionSection model={model} reader={reader} />
          <DevicesSection model={model} reader={reader} />
          <LettersSection model={model} />
          <ProfileSection model={model} />
          <EmailSection model={model} />
          <BackupSection model={model} reader={reader} />
          <DataSection model={model} reader={reader} />
          <EraseSection model={model} />
          <p class="hint">{t('invitePage.zone', { zone: reader.timeZone })}</p>
        </div>
      </div>
    </Layout>
  );
}

function Contents() {
  const t = useWords();
  return (
    <nav class="contents" aria-label={t('layout.settings')}>
      <ul>
        {contents.map((id) => (
          <li key={id}>
            <a href={`#${id}`}>{t(`settings.titles.${id}`)}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What concerns the page as a whole; the problem of one form is repeated beside it. */
function Messages({ model: { notice, problem, followed } }: { model: SettingsModel }) {
  const t = useWords();
  return (
    <>
      {notice ? <Banner tone={notices[notice]}>{t(`settings.notices.${notice}`)}</Banner> : null}
      {problem ? (
        <Banner tone="warn">
          {t('settings.notRight')}{' '}
          <a href={`#${problem.section}`}>{t(`settings.titles.${problem.section}`)}</a>
        </Banner>
      ) : null}
      {followed ? <FollowedInviteBanner followed={followed} /> : null}
    </>
  );
}
