import { Banner, type Tone } from '../../platform/ui/components.js';
import type { ReaderSettings } from '../../platform/ui/date-time.js';
import { Layout } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { AccessSection, SubscriptionSection } from './sections/access-sections.js';
import {
  DevicesSection,
  EmailSection,
  EmailPreferencesSection,
  ProfileSection,
  SecondFactorSection,
} from './sections/account-sections.js';
import { CreditSection } from './sections/credit-section.js';
import { BackupSection, DataSection, EraseSection } from './sections/data-sections.js';
import { InvitationSection } from './sections/invitation-section.js';
import { ReferralSection } from './sections/referral-section.js';
import type { SectionId, SettingsPageModel, NoticeKey, OpenedInviteModel } from './settings-page-model.js';

const sectionIds: SectionId[] = [
  ...(['access', 'invitation', 'referral', 'credit', 'subscription'] as const),
  ...(['devices', 'secondFactor', 'emails'] as const),
  ...(['profile', 'email', 'backup', 'data', 'erase'] as const),
];

/** The settings of a person who is signed in. Each section says which form goes where. */
export function settingsPage(model: SettingsPageModel, locale?: string): string {
  return renderPage(<SettingsPage model={model} />, locale);
}

function SettingsPage({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const readerSettings: ReaderSettings = model.user;
  const { invitation } = model.referral;
  const isStaff = model.viewer.role !== 'user';
  return (
    <Layout title={t('layout.settings')} viewer={model.viewer} width="wide" current="/settings">
      <div class="settings">
        <TableOfContents
          ids={sectionIds.filter(
            (id) => (id !== 'invitation' || invitation !== null) && (id !== 'secondFactor' || isStaff),
          )}
        />
        <div class="settings-sections">
          <h1>{t('layout.settings')}</h1>
          <Messages model={model} />
          {model.asksTimeZone ? <TimeZoneForm csrf={model.viewer.csrf} /> : null}
          <AccessSection model={model} readerSettings={readerSettings} />
          {invitation === null ? null : <InvitationSection invitation={invitation} />}
          <ReferralSection model={model} />
          <CreditSection model={model} readerSettings={readerSettings} />
          <SubscriptionSection model={model} readerSettings={readerSettings} />
          <DevicesSection model={model} readerSettings={readerSettings} />
          {isStaff ? <SecondFactorSection /> : null}
          <EmailPreferencesSection model={model} />
          <ProfileSection model={model} />
          <EmailSection model={model} />
          <BackupSection model={model} readerSettings={readerSettings} />
          <DataSection model={model} readerSettings={readerSettings} />
          <EraseSection model={model} />
          <p class="hint">{t('invitePage.timeZone', { zone: readerSettings.timeZone })}</p>
        </div>
      </div>
    </Layout>
  );
}

/** Sent by the browser itself, where scripts run. Posts `timeZone` to /settings/time-zone. */
function TimeZoneForm({ csrf }: { csrf: string }) {
  return (
    <form method="post" action="/settings/time-zone" hidden data-sent-at-once>
      <input type="hidden" name="_csrf" value={csrf} />
      <input type="hidden" name="timeZone" value="" data-time-zone />
    </form>
  );
}

function TableOfContents({ ids }: { ids: SectionId[] }) {
  const t = useTranslate();
  return (
    <nav class="contents" aria-label={t('layout.settings')}>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a href={`#${id}`}>{t(`settings.titles.${id}`)}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What concerns the page as a whole; the problem of one form is repeated beside it. */
function Messages({ model: { notice, problem, openedInvite } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  return (
    <>
      {notice ? <Banner tone={noticeTones[notice]}>{t(`settings.notices.${notice}`)}</Banner> : null}
      {problem ? (
        <Banner tone="warn">
          {t('settings.formError')}{' '}
          <a href={`#${problem.section}`}>{t(`settings.titles.${problem.section}`)}</a>
        </Banner>
      ) : null}
      {openedInvite ? <OpenedInviteBanner openedInvite={openedInvite} /> : null}
    </>
  );
}

/**
 * How what the page says after something was done is meant; its words are `settings.notices` of the
 * translations.
 */
export const noticeTones: Record<NoticeKey, Tone> = {
  profile: 'good',
  email: 'good',
  emails: 'good',
  backup_restored: 'good',
  signed_out_device: 'good',
  checkout_done: 'good',
  billing_unreachable: 'bad',
};

/** Explains to a user with an account why the link they opened earns nothing, and what does. */
export function OpenedInviteBanner({ openedInvite }: { openedInvite: OpenedInviteModel }) {
  const t = useTranslate();
  if (openedInvite.isOwn)
    return (
      <Banner>
        {t('openedInvite.ownLink')} <a href="/invite">{t('openedInvite.shareIt')}</a>
      </Banner>
    );
  if (!openedInvite.isKnown)
    return <Banner tone="warn">{t('openedInvite.unknownCode', { code: openedInvite.code })}</Banner>;
  return (
    <Banner>
      {t('openedInvite.alreadyRegistered', {
        isNamed: openedInvite.inviter === null ? 'no' : 'yes',
        name: openedInvite.inviter,
      })}{' '}
      <a href="/invite">{t('openedInvite.yourCode')}</a>
    </Banner>
  );
}
