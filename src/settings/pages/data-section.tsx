import { CodeField, Form } from '../../platform/pages/form.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Banner, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { SectionProblem } from './section-problem.js';
import type { SettingsModel } from './settings-model.js';

/** All that is stored about one, to take along. */
export function DataSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  return (
    <Section id="data" title="Your data">
      <p>
        Everything that is stored about you, as one JSON file. Your account is here since{' '}
        <Moment at={model.user.createdAt} reader={reader} dateOnly />.
      </p>
      <p class="actions">
        <a class="btn" data-tone="plain" href="/api/v1/me/export" download="twofold-export.json">
          Export my data
        </a>
      </p>
    </Section>
  );
}

/**
 * The end of an account, in two steps: nothing to /settings/erase, which mails a code; then `challengeId` and `code`
 * to /settings/erase/confirm.
 */
export function EraseSection({ model }: { model: SettingsModel }) {
  return (
    <Section id="erase" title="Delete my account">
      <p>
        Your address, name, devices and backup are erased at once and cannot be brought back. Your credit is
        lost; that of the friends you invited is not. Records of payments stay, without your name.
      </p>
      <SectionProblem model={model} section="erase" />
      <EraseForm model={model} />
    </Section>
  );
}

function EraseForm({ model: { stillCharged, erasure, viewer, user } }: { model: SettingsModel }) {
  if (stillCharged)
    return (
      <Banner tone="warn">
        A subscription still charges you. <a href="#subscription">Cancel it first</a>, then come back.
      </Banner>
    );
  if (erasure === null)
    return (
      <Form action="/settings/erase" csrf={viewer.csrf}>
        <p class="hint">To be sure that it is you, we first send a code to {user.email}.</p>
        <SettingsButton tone="danger">Send the code for deleting</SettingsButton>
      </Form>
    );
  return (
    <Form action="/settings/erase/confirm" csrf={viewer.csrf}>
      <Banner tone="warn">
        A code is on its way to {user.email}. Entering it here deletes your account.
      </Banner>
      <input type="hidden" name="challengeId" value={erasure.challengeId} />
      <CodeField id="eraseCode" label="Six-digit code" />
      <p class="actions">
        <SettingsButton tone="danger">Delete my account for good</SettingsButton>
        <a href="/settings#erase">Keep it</a>
      </p>
    </Form>
  );
}
