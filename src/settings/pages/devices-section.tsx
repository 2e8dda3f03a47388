import { Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { deviceName } from '../../platform/device-name.js';
import type { SessionModel, SettingsModel } from './settings-model.js';

/** Where one is signed in. Posts `sessionId` to /logout/device, or to /logout/everywhere. */
export function DevicesSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const { csrf } = model.viewer;
  return (
    <Section id="devices" title="Devices">
      <p>You are signed in here. A device that is not used for 30 days is signed out by itself.</p>
      <ul class="rows">
        {model.sessions.map((session) => (
          <li key={session.id}>
            <Device session={session} reader={reader} />
            <Form action="/logout/device" csrf={csrf} inline>
              <input type="hidden" name="sessionId" value={session.id} />
              <SettingsButton label={`Sign out ${deviceName(session.userAgent)}`}>Sign out</SettingsButton>
            </Form>
          </li>
        ))}
      </ul>
      <Form action="/logout/everywhere" csrf={csrf}>
        <SettingsButton tone="danger">Sign out everywhere</SettingsButton>
      </Form>
    </Section>
  );
}

function Device({ session, reader }: { session: SessionModel; reader: Reader }) {
  return (
    <div>
      <strong>{deviceName(session.userAgent)}</strong>{' '}
      {session.current ? <Badge tone="good">This device</Badge> : null}
      <span class="hint block">
        Last used <Moment at={session.seenAt} reader={reader} />, since{' '}
        <Moment at={session.createdAt} reader={reader} dateOnly />
      </span>
    </div>
  );
}
