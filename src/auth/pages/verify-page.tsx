import type { CapturedMail } from '../../mail/index.js';
import { CodeField, Form, SubmitButton } from '../../platform/pages/form.js';
import { Layout } from '../../platform/pages/layout.js';
import { Banner, Problem } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { useWords } from '../../platform/pages/use-words.js';

/**
 * What /verify shows. `problem` says why a code was refused and how many attempts are left; `expired` is true when only
 * a new code helps; `capturedMail` where emails are that are not sent; `lifeMinutes` how long a code is good;
 * `next` a path of this site, `invitedBy` how the inviter is named.
 */
export interface VerifyModel {
  maskedEmail: string;
  problem: string | null;
  capturedMail: CapturedMail;
  expired?: boolean;
  lifeMinutes?: number;
  next?: string | null;
  invitedBy?: string | null;
  csrf?: string;
}

/** The page that asks for the mailed code. It posts `code` to /verify. */
export function verifyPage(model: VerifyModel, locale?: string): string {
  return renderPage(<VerifyPage {...model} />, locale);
}

function VerifyPage(model: VerifyModel) {
  const t = useWords();
  const { expired = false, invitedBy = null } = model;
  return (
    <Layout title={t('verify.title')} viewer={null} width="narrow">
      <h1>{t(expired ? 'verify.expired' : 'verify.title')}</h1>
      <Problem text={model.problem} />
      {invitedBy ? <Banner tone="good">{t('verify.invited', { label: invitedBy })}</Banner> : null}
      {expired ? <NewCode next={model.next} /> : <CodeForm {...model} />}
      {model.capturedMail === 'unreadable' ? <Problem text={t('verify.notSent')} /> : null}
      {model.capturedMail === 'at_dev_mail' ? (
        <p class="hint">
          {t('verify.kept')} <a href="/dev/mail">/dev/mail</a>
        </p>
      ) : null}
    </Layout>
  );
}

function CodeForm({ maskedEmail, lifeMinutes = 10, problem, csrf, next }: VerifyModel) {
  const t = useWords();
  return (
    <>
      <p>{t('verify.onItsWay', { address: maskedEmail, minutes: lifeMinutes })}</p>
      <div class="card">
        <Form action="/verify" csrf={csrf}>
          <CodeField id="code" label={t('verify.code')} autofocus invalid={problem !== null} />
          <SubmitButton>{t('login.title')}</SubmitButton>
        </Form>
      </div>
      <p class="hint">
        {t('verify.nothing')} <a href={loginHref(next)}>{t('verify.again')}</a>
      </p>
    </>
  );
}

function NewCode({ next }: Pick<VerifyModel, 'next'>) {
  const t = useWords();
  return (
    <div class="card">
      <p>{t('verify.runOut')}</p>
      <a class="btn" data-tone="main" href={loginHref(next)}>
        {t('verify.newCode')}
      </a>
    </div>
  );
}

function loginHref(next: string | null | undefined): string {
  return next ? `/login?next=${encodeURIComponent(next)}` : '/login';
}
