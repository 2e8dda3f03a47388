import { CodeField, Field, Form } from '../../platform/pages/form.js';
import { Banner, Section } from '../../platform/pages/parts.js';
import { SettingsButton } from '../../platform/pages/settings-button.js';
import { SectionProblem } from './section-problem.js';
import type { EmailChangeModel, SettingsModel } from './settings-model.js';

/**
 * The change of address in two steps: `email` to /settings/email, then `challengeId`, `code` and, where asked for,
 * `currentChallengeId` and `currentCode` to /settings/email/confirm.
 */
export function EmailSection({ model }: { model: SettingsModel }) {
  const { csrf } = model.viewer;
  return (
    <Section id="email" title="E-mail address">
      <p>
        You sign in with <strong>{model.user.email}</strong>.
      </p>
      <SectionProblem model={model} section="email" />
      {model.emailChange ? (
        <Confirmation change={model.emailChange} present={model.user.email} csrf={csrf} />
      ) : (
        <Form action="/settings/email" csrf={csrf}>
          <Field
            id="newEmail"
            name="email"
            type="email"
            label="New address"
            autocomplete="email"
            required
            hint="We send a code there, and tell your present address once it is changed."
          />
          <SettingsButton>Send me a code</SettingsButton>
        </Form>
      )}
    </Section>
  );
}

function Confirmation({
  change,
  present,
  csrf,
}: {
  change: EmailChangeModel;
  present: string;
  csrf: string;
}) {
  return (
    <>
      <Banner>
        {change.currentChallengeId === null
          ? `A code is on its way to ${change.newEmail}.`
          : `One code is on its way to ${change.newEmail}, another to ${present}. Both are needed, since you signed in a while ago.`}
      </Banner>
      <Form action="/settings/email/confirm" csrf={csrf}>
        <input type="hidden" name="challengeId" value={change.challengeId} />
        <CodeField id="emailCode" label={`Code sent to ${change.newEmail}`} />
        {change.currentChallengeId === null ? null : (
          <>
            <input type="hidden" name="currentChallengeId" value={change.currentChallengeId} />
            <CodeField id="currentCode" name="currentCode" label={`Code sent to ${present}`} />
          </>
        )}
        <p class="actions">
          <SettingsButton tone="main">Change the address</SettingsButton>
          <a href="/settings#email">Keep the present one</a>
        </p>
      </Form>
    </>
  );
}
