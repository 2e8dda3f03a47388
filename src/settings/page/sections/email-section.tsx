import { CodeField, Field, Form, SettingsButton } from '../../../platform/ui/form.js';
import { Banner, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { SectionProblem } from './section-problem.js';
import type { PendingEmailChangeModel, SettingsPageModel } from '../settings-page-model.js';

/**
 * The change of address in two steps: `email` to /settings/email, then `challengeId`, `code` and, where asked for,
 * `currentChallengeId` and `currentCode` to /settings/email/confirm.
 */
export function EmailSection({ model }: { model: SettingsPageModel }) {
  const t = useTranslate();
  const { csrf } = model.viewer;
  return (
    <Section id="email" title={t('settings.titles.email')}>
      <p>
        {t('emailChange.signInWith')} <strong>{model.user.email}</strong>
      </p>
      <SectionProblem model={model} section="email" />
      {model.emailChange ? (
        <EmailChangeConfirmation change={model.emailChange} present={model.user.email} csrf={csrf} />
      ) : (
        <Form action="/settings/email" csrf={csrf}>
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
    </Section>
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
