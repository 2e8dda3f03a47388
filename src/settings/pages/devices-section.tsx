import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { deviceName } from '../../platform/device-name.js';
import { useWords } from '../../platform/pages/use-words.js';
import type { SessionModel, SettingsModel } from './settings-model.js';

/** Where one is signed in. Posts `sessionId` to /logout/device, or to /logout/everywhere. */
export function DevicesSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const { csrf } = model.viewer;
  return (
    <Section id="devices" title={t('settings.titles.devices')}>
      <p>{t('devices.here')}</p>
      <ul class="rows">
        {model.sessions.map((session) => (
          <li key={session.id}>
            <Device session={session} reader={reader} />
            <Form action="/logout/device" csrf={csrf} inline>
              <input type="hidden" name="sessionId" value={session.id} />
              <SettingsButton label={t('devices.signOutOne', { device: deviceName(session.userAgent) })}>
                {t('layout.signOut')}
              </SettingsButton>
            </Form>
          </li>
        ))}
      </ul>
      <Form action="/logout/everywhere" csrf={csrf}>
        <SettingsButton tone="danger">{t('devices.everywhere')}</SettingsButton>
      </Form>
    </Section>
  );
}

function Device({ session, reader }: { session: SessionModel; reader: Reader }) {
  const t = useWords();
  return (
    <div>
      <strong>{deviceName(session.userAgent)}</strong>{' '}
      {session.current ? <Badge tone="good">{t('devices.this')}</Badge> : null}
      <span class="hint block">
        {t('devices.lastUsed')} <Moment at={session.seenAt} reader={reader} />, {t('devices.since')}{' '}
        <Moment at={session.createdAt} reader={reader} dateOnly />
      </span>
    </div>
  );
}
