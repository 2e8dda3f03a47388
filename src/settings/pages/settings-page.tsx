import { Layout } from '../../platform/pages/layout.js';
import type { Reader } from '../../platform/pages/moment.js';
import { Banner } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
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

const contents: [id: SectionId, title: string][] = [
  ['access', 'Your access'],
  ['referral', 'Invite friends'],
  ['invites', 'Your invites'],
  ['credit', 'Your credit'],
  ['subscription', 'Subscription'],
  ['devices', 'Devices'],
  ['letters', 'Letters'],
  ['profile', 'Profile'],
  ['email', 'E-mail address'],
  ['backup', 'Cloud backup'],
  ['data', 'Your data'],
  ['erase', 'Delete my account'],
];

/** The settings of somebody who is signed in. Each section says which form goes where. */
export function settingsPage(model: SettingsModel): string {
  const reader: Reader = model.user;
  return renderPage(
    <Layout title="Settings" viewer={model.viewer} width="wide" current="/settings">
      <div class="settings">
        <Contents />
        <div class="settings-sections">
          <h1>Settings</h1>
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
          <p class="hint">Times are shown in your time zone, {reader.timeZone}.</p>
        </div>
      </div>
    </Layout>,
  );
}

function Contents() {
  return (
    <nav class="contents" aria-label="Settings">
      <ul>
        {contents.map(([id, title]) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What concerns the page as a whole; the problem of one form is repeated beside it. */
function Messages({ model: { notice, problem, followed } }: { model: SettingsModel }) {
  const section = problem === null ? null : contents.find(([id]) => id === problem.section);
  return (
    <>
      {notice ? <Banner tone={notices[notice].tone}>{notices[notice].text}</Banner> : null}
      {section ? (
        <Banner tone="warn">
          Something is not right yet: <a href={`#${section[0]}`}>{section[1]}</a>.
        </Banner>
      ) : null}
      {followed ? <FollowedInviteBanner followed={followed} /> : null}
    </>
  );
}
