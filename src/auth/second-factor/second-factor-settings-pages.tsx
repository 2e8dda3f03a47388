import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { Banner, ErrorBanner, Section } from '../../platform/ui/components.js';
import { DateTime, type ReaderSettings } from '../../platform/ui/date-time.js';
import { CodeField, Field, Form, SettingsButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { PasskeyButton, PasskeyScript } from './second-factor-page.js';
import { recoveryCodeCount } from './recovery-codes.js';
import type { PendingApp } from './second-factor-enrolment.js';
import type { SecondFactors } from './second-factors.repository.js';

const settingsPath = '/settings/second-factor';

/**
 * A person's second factors. `mayAdd`: they are staff; `mustHave`: the console is closed to them
 * until they have one; `passkeysAvailable`: browsers make some for the address of this site.
 */
export interface SecondFactorSettingsModel {
  viewer: Viewer;
  readerSettings: ReaderSettings;
  factors: SecondFactors;
  mayAdd: boolean;
  mustHave: boolean;
  passkeysAvailable: boolean;
  problem: string | null;
}

/** The page of a person's second factors. */
export function secondFactorSettingsPage(model: SecondFactorSettingsModel): string {
  return renderPage(<SettingsPage {...model} />, model.readerSettings);
}

function SettingsPage(model: SecondFactorSettingsModel) {
  const t = useTranslate();
  const { passkeys, appSince } = model.factors;
  const hasNone = passkeys.length === 0 && appSince === null;
  return (
    <Layout title={t('secondFactor.title')} viewer={model.viewer} current="/settings">
      <h1>{t('secondFactor.title')}</h1>
      <p>{t('secondFactor.intro')}</p>
      <ErrorBanner text={model.problem} />
      {hasNone && model.mustHave ? <Banner tone="warn">{t('secondFactor.mustHave')}</Banner> : null}
      <div class="stack">
        <PasskeysSection {...model} />
        <AppSection {...model} />
        {hasNone ? null : <RecoverySection {...model} />}
        <p>
          <a href="/settings">{t('secondFactor.back')}</a>
        </p>
      </div>
    </Layout>
  );
}

function PasskeysSection({
  viewer,
  factors,
  mayAdd,
  passkeysAvailable,
  readerSettings,
}: SecondFactorSettingsModel) {
  const t = useTranslate();
  return (
    <Section id="passkeys" title={t('secondFactor.passkeys.title')}>
      <p class="hint">{t('secondFactor.passkeys.hint')}</p>
      {factors.passkeys.length === 0 ? null : (
        <ul class="rows">
          {factors.passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
            <li key={id}>
              <div>
                <strong>{name}</strong>
                <span class="hint block">
                  {t('secondFactor.added')}{' '}
                  <DateTime at={createdAt} readerSettings={readerSettings} dateOnly />
                  {lastUsedAt === null ? null : (
                    <>
                      , {t('secondFactor.used')} <DateTime at={lastUsedAt} readerSettings={readerSettings} />
                    </>
                  )}
                </span>
              </div>
              <Form action={`${settingsPath}/passkeys/${id}/remove`} csrf={viewer.csrf} inline>
                <SettingsButton tone="danger" label={t('secondFactor.passkeys.remove', { name })}>
                  {t('secondFactor.remove')}
                </SettingsButton>
              </Form>
            </li>
          ))}
        </ul>
      )}
      {!passkeysAvailable ? <p>{t('secondFactor.passkeys.needDomain')}</p> : null}
      {mayAdd && passkeysAvailable ? (
        <Form action={`${settingsPath}/passkeys/new`} csrf={viewer.csrf}>
          <SettingsButton tone="main">{t('secondFactor.passkeys.add')}</SettingsButton>
        </Form>
      ) : null}
    </Section>
  );
}

function AppSection({ viewer, factors: { appSince }, mayAdd, readerSettings }: SecondFactorSettingsModel) {
  const t = useTranslate();
  return (
    <Section id="app" title={t('secondFactor.app.title')}>
      <p class="hint">{t('secondFactor.app.hint')}</p>
      {appSince === null ? null : (
        <>
          <p>
            {t('secondFactor.added')} <DateTime at={appSince} readerSettings={readerSettings} dateOnly />
          </p>
          <Form action={`${settingsPath}/app/remove`} csrf={viewer.csrf}>
            <SettingsButton tone="danger">{t('secondFactor.app.remove')}</SettingsButton>
          </Form>
        </>
      )}
      {appSince === null && mayAdd ? (
        <Form action={`${settingsPath}/app/new`} csrf={viewer.csrf}>
          <SettingsButton tone="main">{t('secondFactor.app.add')}</SettingsButton>
        </Form>
      ) : null}
    </Section>
  );
}

function RecoverySection({ viewer, factors: { recoveryCodesLeft } }: SecondFactorSettingsModel) {
  const t = useTranslate();
  return (
    <Section id="recovery" title={t('secondFactor.recovery.title')}>
      <p>{t('secondFactor.recovery.left', { left: recoveryCodesLeft, total: recoveryCodeCount })}</p>
      <Form action={`${settingsPath}/recovery-codes`} csrf={viewer.csrf}>
        <SettingsButton>{t('secondFactor.recovery.renew')}</SettingsButton>
      </Form>
    </Section>
  );
}

/** A new app, its secret also as a picture to scan (a data URL). */
export interface NewAppPageModel {
  viewer: Viewer;
  app: PendingApp;
  qrCode: string;
  problem: string | null;
}

/** The page that adds an app. It posts `app`, sealed, and `code` to /settings/second-factor/app. */
export function newAppPage(model: NewAppPageModel, locale: string): string {
  return renderPage(<NewAppPage {...model} />, locale);
}

function NewAppPage({ viewer, app, qrCode, problem }: NewAppPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('secondFactor.app.title')} viewer={viewer} width="narrow" current="/settings">
      <h1>{t('secondFactor.app.add')}</h1>
      <ErrorBanner text={problem} />
      <div class="card">
        <p>{t('secondFactor.app.scan')}</p>
        <img class="qr-code" src={qrCode} width="220" height="220" alt={t('secondFactor.app.picture')} />
        <p>{t('secondFactor.app.typeInstead')}</p>
        <p>
          <code class="secret">{app.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </p>
        <Form action={`${settingsPath}/app`} csrf={viewer.csrf}>
          <input type="hidden" name="app" value={app.sealed} />
          <CodeField id="code" label={t('secondFactor.app.code')} invalid={problem !== null} />
          <p class="actions">
            <SettingsButton tone="main">{t('secondFactor.app.add')}</SettingsButton>
            <a href={settingsPath}>{t('secondFactor.cancel')}</a>
          </p>
        </Form>
      </div>
    </Layout>
  );
}

/**
 * The page that adds a passkey. It posts `name` and `answer` to /settings/second-factor/passkeys.
 */
export function newPasskeyPage(
  model: { viewer: Viewer; options: PublicKeyCredentialCreationOptionsJSON; name: string },
  locale: string,
): string {
  return renderPage(<NewPasskeyPage {...model} />, locale);
}

function NewPasskeyPage({
  viewer,
  options,
  name,
}: {
  viewer: Viewer;
  options: PublicKeyCredentialCreationOptionsJSON;
  name: string;
}) {
  const t = useTranslate();
  return (
    <Layout
      title={t('secondFactor.passkeys.add')}
      viewer={viewer}
      width="narrow"
      current="/settings"
      head={<PasskeyScript />}
    >
      <h1>{t('secondFactor.passkeys.add')}</h1>
      <p>{t('secondFactor.passkeys.howTo')}</p>
      <div class="card">
        <Form action={`${settingsPath}/passkeys`} csrf={viewer.csrf}>
          <Field
            id="name"
            name="name"
            label={t('secondFactor.passkeys.name')}
            value={name}
            maxlength={80}
            hint={t('secondFactor.passkeys.nameHint')}
          />
          <PasskeyButton
            ceremony="add"
            field="answer"
            options={options}
            label={t('secondFactor.passkeys.create')}
          />
        </Form>
        <p>
          <a href={settingsPath}>{t('secondFactor.cancel')}</a>
        </p>
      </div>
    </Layout>
  );
}

/** The page that shows recovery codes, this once. */
export function recoveryCodesPage(
  model: { viewer: Viewer; codes: readonly string[] },
  locale: string,
): string {
  return renderPage(<RecoveryCodesPage {...model} />, locale);
}

function RecoveryCodesPage({ viewer, codes }: { viewer: Viewer; codes: readonly string[] }) {
  const t = useTranslate();
  return (
    <Layout
      title={t('secondFactor.recovery.title')}
      viewer={viewer}
      width="narrow"
      current="/settings"
      address={null}
    >
      <h1>{t('secondFactor.recovery.title')}</h1>
      <Banner tone="warn">{t('secondFactor.recovery.once')}</Banner>
      <div class="card">
        <ul class="rows">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p class="actions">
          <button
            type="button"
            class="settings-btn"
            data-copy={codes.join('\n')}
            data-copied={t('secondFactor.recovery.copied')}
            hidden
          >
            {t('secondFactor.recovery.copy')}
          </button>
          <a class="btn" data-tone="main" href={settingsPath}>
            {t('secondFactor.recovery.done')}
          </a>
        </p>
      </div>
    </Layout>
  );
}
