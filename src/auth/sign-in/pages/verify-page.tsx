import type { CapturedMail } from '../../../notifications/index.js';
import { CodeField, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { Banner, ErrorBanner } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';

/**
 * What /verify shows. `problem` says why a code was refused and how many attempts are left; `expired` is true when only
 * a new code helps; `capturedMail` where emails are that are not sent; `lifeMinutes` how long a code is good;
 * `next` a path of this site, `invitedBy` how the inviter is named.
 */
export interface VerifyPageModel {
  maskedEmail: string;
  problem: string | null;
  capturedMail: CapturedMail;
  expired?: boolean;
  lifetimeMinutes?: number;
  next?: string | null;
  invitedBy?: string | null;
  csrf?: string;
}

/** The page that asks for the mailed code. It posts `code` to /verify. */
export function verifyPage(model: VerifyPageModel, locale?: string): string {
  return renderPage(<VerifyPage {...model} />, locale);
}

function VerifyPage(model: VerifyPageModel) {
  const t = useTranslate();
  const { expired = false, invitedBy = null } = model;
  return (
    <Layout title={t('verify.title')} viewer={null} width="narrow">
      <h1>{t(expired ? 'verify.expired' : 'verify.title')}</h1>
      <ErrorBanner text={model.problem} />
      {invitedBy ? <Banner tone="good">{t('verify.invited', { label: invitedBy })}</Banner> : null}
      {expired ? <NewCode next={model.next} /> : <CodeForm {...model} />}
      {model.capturedMail === 'unreadable' ? <ErrorBanner text={t('verify.notSent')} /> : null}
      {model.capturedMail === 'at_dev_mail' ? (
        <p class="hint">
          {t('verify.captured')} <a href="/dev/mail">/dev/mail</a>
        </p>
      ) : null}
    </Layout>
  );
}

function CodeForm({ maskedEmail, lifetimeMinutes = 10, problem, csrf, next }: VerifyPageModel) {
  const t = useTranslate();
  return (
    <>
      <p>{t('verify.codeSent', { address: maskedEmail, minutes: lifetimeMinutes })}</p>
      <div class="card">
        <Form action="/verify" csrf={csrf}>
          <CodeField id="code" label={t('verify.code')} autofocus invalid={problem !== null} />
          <SubmitButton>{t('login.title')}</SubmitButton>
        </Form>
      </div>
      <p class="hint">
        {t('verify.notReceived')} <a href={loginHref(next)}>{t('verify.resend')}</a>
      </p>
    </>
  );
}

function NewCode({ next }: Pick<VerifyPageModel, 'next'>) {
  const t = useTranslate();
  return (
    <div class="card">
      <p>{t('verify.expiredHint')}</p>
      <a class="btn" data-tone="main" href={loginHref(next)}>
        {t('verify.newCode')}
      </a>
    </div>
  );
}

function loginHref(next: string | null | undefined): string {
  return next ? `/login?next=${encodeURIComponent(next)}` : '/login';
}
