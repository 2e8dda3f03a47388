import { Form, SettingsButton } from '../../../platform/ui/form.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { Badge, Section } from '../../../platform/ui/components.js';
import { deviceName } from '../../../platform/device-name.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { SettingsPageModel } from '../settings-page-model.js';

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
    <Section id="devices" title={t('settings.titles.devices')}>
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
