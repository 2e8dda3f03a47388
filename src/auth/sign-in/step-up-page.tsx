import type { CapturedMail } from '../../notifications/index.js';
import { Banner, ErrorBanner } from '../../platform/ui/components.js';
import { CodeField, SubmitButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';

/** The fields that the question adds to a form; no form of the console has such names. */
export const stepUpFields = {
  challenge: '_stepUpChallenge',
  send: '_stepUpSend',
  code: '_stepUpCode',
  factor: '_stepUpFactor',
  passkey: '_stepUpPasskey',
} as const;

/**
 * A question for a code before a form goes on. `action` and `fields` are those of the form;
 * `isSent`: the code is on its way; `problem` says why one was refused.
 */
export interface StepUpPageModel {
  viewer: Viewer;
  action: string;
  fields: [name: string, value: string][];
  challengeId: string;
  isSent: boolean;
  problem: string | null;
  maskedEmail: string;
  why: string;
  capturedMail: CapturedMail;
}

/** The page; it posts the form, with the code, to where the form was going. */
export function stepUpPage(model: StepUpPageModel, locale?: string): string {
  return renderPage(<StepUpPage {...model} />, locale);
}

function StepUpPage(model: StepUpPageModel) {
  const { viewer, problem, isSent, why, maskedEmail } = model;
  const t = useTranslate();
  return (
    <Layout title={t('stepUp.title')} viewer={viewer} width="narrow" current="/admin">
      <h1>{t('stepUp.title')}</h1>
      <p>{why}</p>
      <ErrorBanner text={problem} />
      {model.capturedMail === 'unreadable' ? <ErrorBanner text={t('verify.notSent')} /> : null}
      {isSent ? <Banner>{t('stepUp.sent', { address: maskedEmail })}</Banner> : null}
      <div class="card">
        <StepUpForm {...model} />
      </div>
      {isSent && model.capturedMail === 'at_dev_mail' ? (
        <p class="hint">
          {t('verify.captured')} <a href="/dev/mail">/dev/mail</a>
        </p>
      ) : null}
    </Layout>
  );
}

function StepUpForm({ viewer, action, fields, challengeId, isSent, problem, maskedEmail }: StepUpPageModel) {
  const t = useTranslate();
  return (
    <form method="post" action={action} class="form">
      <input type="hidden" name="_csrf" value={viewer.csrf} />
      {fields.map(([name, value], index) => (
        <input key={index} type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name={stepUpFields.challenge} value={challengeId} />
      {isSent ? (
        <>
          <CodeField
            id="code"
            name={stepUpFields.code}
            label={t('verify.code')}
            autofocus
            invalid={problem !== null}
          />
          <SubmitButton>{t('stepUp.confirm')}</SubmitButton>
          <button
            type="submit"
            class="btn"
            data-tone="quiet"
            name={stepUpFields.send}
            value="again"
            formnovalidate
          >
            {t('verify.newCode')}
          </button>
        </>
      ) : (
        <>
          <p>{t('stepUp.willSend', { address: maskedEmail })}</p>
          <button type="submit" class="btn" data-tone="main" name={stepUpFields.send} value="1">
            {t('login.sendCode')}
          </button>
        </>
      )}
      <p class="hint">{t('stepUp.kept')}</p>
    </form>
  );
}
