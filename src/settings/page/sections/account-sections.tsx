import { deviceName } from '../../../platform/device-name.js';
import { translations } from '../../../platform/i18n/translations.js';
import { FoldedSection, Section, Banner, Badge, ErrorBanner } from '../../../platform/ui/components.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import {
  Field,
  Form,
  SelectField,
  SettingsButton,
  CodeField,
  PrerenderedOptions,
} from '../../../platform/ui/form.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { problemOf, type SettingsPageModel, type PendingEmailChangeModel } from '../settings-page-model.js';

const zoneNames = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
const zoneOptions = new PrerenderedOptions(
  [...zoneNames].map((name) => [name, name.replaceAll('_', ' ')] as const),
);

/**
 * How one is named and addressed. Posts `displayName`, `locale` and `timeZone` to
 * /settings/profile.
 */
export function ProfileSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { user } = model;
  return (
    <Section id="profile" title={t('settings.titles.profile')}>
      <ErrorBanner text={problemOf(model, 'profile')} />
      <Form action="/settings/profile" csrf={model.viewer.csrf}>
        <Field
          id="displayName"
          name="displayName"
          label={t('profile.displayName')}
          value={user.displayName ?? ''}
          autocomplete="nickname"
          maxlength={80}
          hint={t('profile.displayNameHint', {
            isNamed: user.displayName === null ? 'no' : 'yes',
            name: user.displayName,
          })}
        />
        <div class="field-pair">
          <SelectField
            id="locale"
            name="locale"
            label={t('profile.language')}
            value={user.locale}
            options={includeCurrent(translations.locales, user.locale).map(
              (own) => [own, localeName(own)] as const,
            )}
          />
          <SelectField
            id="timeZone"
            name="timeZone"
            label={t('profile.timeZone')}
            value={user.timeZone}
            options={zoneOptions}
          />
        </div>
        <SettingsButton tone="main">{t('emailPreferences.save')}</SettingsButton>
      </Form>
    </Section>
  );
}

/** The list with what is set already, in case it is not listed. */
function includeCurrent(all: readonly string[], current: string): string[] {
  return [...new Set([...all, current])];
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** A language in its own words; one that there are no words of is named by the machine's tables. */
function localeName(locale: string): string {
  if (translations.locales.includes(locale)) return translations.forLocale(locale)('language.name');
  try {
    return languageNames.of(locale) ?? locale;
  } catch {
    return locale; // stored text that names no language
  }
}

/**
 * The change of address in two steps: `email` and ids of the form to /settings/email, then
 * `challengeId`, `code` and, where asked for, `currentChallengeId` and `currentCode` to
 * /settings/email/confirm.
 */
export function EmailSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { csrf } = model.viewer;
  return (
    <FoldedSection
      id="email"
      title={t('settings.titles.email')}
      open={problemOf(model, 'email') !== null || model.emailChange !== null}
    >
      <p>
        {t('emailChange.signInWith')} <strong>{model.user.email}</strong>
      </p>
      <ErrorBanner text={problemOf(model, 'email')} />
      {model.emailChange ? (
        <EmailChangeConfirmation change={model.emailChange} present={model.user.email} csrf={csrf} />
      ) : (
        <Form action="/settings/email" csrf={csrf}>
          <input type="hidden" name="formId" value={model.formIds.newEmail} />
          <input type="hidden" name="ownFormId" value={model.formIds.ownEmail} />
          <Field
            id="newEmail"
            name="email"
            type="email"
            label={t('emailChange.newAddress')}
            autocomplete="email"
            required
            hint={t('emailChange.hint')}
          />
          <SettingsButton>{t('login.sendCode')}</SettingsButton>
        </Form>
      )}
    </FoldedSection>
  );
}

function EmailChangeConfirmation({
  change,
  present,
  csrf,
}: {
  change: PendingEmailChangeModel;
  present: string;
  csrf: string;
}) {
  const t = useTranslate();
  const address = change.newEmail;
  return (
    <>
      <Banner>
        {change.currentChallengeId === null
          ? t('emailChange.codeSent', { address })
          : t('emailChange.bothCodesSent', { address, present })}
      </Banner>
      <Form action="/settings/email/confirm" csrf={csrf}>
        <input type="hidden" name="challengeId" value={change.challengeId} />
        <CodeField id="emailCode" label={t('emailChange.codeSentTo', { address })} />
        {change.currentChallengeId === null ? null : (
          <>
            <input type="hidden" name="currentChallengeId" value={change.currentChallengeId} />
            <CodeField
              id="currentCode"
              name="currentCode"
              label={t('emailChange.codeSentTo', { address: present })}
            />
          </>
        )}
        <p class="actions">
          <SettingsButton tone="main">{t('emailChange.confirm')}</SettingsButton>
          <a href="/settings#email">{t('emailChange.cancel')}</a>
        </p>
      </Form>
    </>
  );
}

/** Which emails a person wants. Posts a box for each kind to /settings/emails. */
export function EmailPreferencesSection({ model: { optionalEmails, viewer } }: { model: SettingsPageModel }) {
  const t = useTranslate();
  return (
    <Section id="emails" title={t('emailPreferences.title')}>
      <p class="hint">{t('emailPreferences.hint')}</p>
      <Form action="/settings/emails" csrf={viewer.csrf}>
        {optionalEmails.map(({ kind, isWanted }) => (
          <label key={kind} class="check">
            <input type="checkbox" name={kind} value="yes" checked={isWanted} />{' '}
            {t(`emailPreferences.${kind}`)}
          </label>
        ))}
        <SettingsButton>{t('emailPreferences.save')}</SettingsButton>
      </Form>
    </Section>
  );
}

/** Where one is signed in. Posts `sessionId` to /logout/device, or to /logout/everywhere. */
export function DevicesSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const { csrf } = model.viewer;
  return (
    <FoldedSection
      id="devices"
      title={t('settings.titles.devices')}
      open={model.notice === 'signed_out_device'}
    >
      <p>{t('devices.intro')}</p>
      <ul class="rows">
        {model.sessions.map((session) => (
          <li key={session.id}>
            <Device session={session} readerSettings={readerSettings} />
            <Form action="/logout/device" csrf={csrf} inline>
              <input type="hidden" name="sessionId" value={session.id} />
              <SettingsButton label={t('devices.signOutDevice', { device: deviceName(session.userAgent) })}>
                {t('layout.signOut')}
              </SettingsButton>
            </Form>
          </li>
        ))}
      </ul>
      <Form action="/logout/everywhere" csrf={csrf}>
        <SettingsButton tone="danger">{t('devices.signOutEverywhere')}</SettingsButton>
      </Form>
    </FoldedSection>
  );
}

/** For staff: where their second factor is added and removed. */
export function SecondFactorSection() {
  const t = useTranslate();
  return (
    <Section id="secondFactor" title={t('settings.titles.secondFactor')}>
      <p>{t('secondFactor.intro')}</p>
      <p>
        <a href="/settings/second-factor">{t('secondFactor.open')}</a>
      </p>
    </Section>
  );
}

function Device({
  session,
  readerSettings,
}: {
  session: SettingsPageModel['sessions'][number];
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  return (
    <div>
      <strong>{deviceName(session.userAgent)}</strong>{' '}
      {session.current ? <Badge tone="good">{t('devices.thisDevice')}</Badge> : null}
      <span class="hint block">
        {t('devices.lastUsed')} <DateTime at={session.seenAt} readerSettings={readerSettings} />,{' '}
        {t('devices.since')} <DateTime at={session.createdAt} readerSettings={readerSettings} dateOnly />
      </span>
    </div>
  );
}
