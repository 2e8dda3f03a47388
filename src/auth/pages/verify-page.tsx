import { CodeField, Form, SubmitButton } from '../../platform/pages/form.js';
import { Layout } from '../../platform/pages/layout.js';
import { Banner, Problem } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';

/**
 * What /verify shows. `problem` says why a code was refused and how many attempts are left; `expired` is true when only
 * a new code helps; `keepsMail` where letters are kept at /dev/mail; `lifeMinutes` how long a code is good;
 * `next` a path of this site, `invitedBy` how the inviter is named.
 */
export interface VerifyModel {
  maskedEmail: string;
  problem: string | null;
  keepsMail: boolean;
  expired?: boolean;
  lifeMinutes?: number;
  next?: string | null;
  invitedBy?: string | null;
  csrf?: string;
}

/** The page that asks for the mailed code. It posts `code` to /verify. */
export function verifyPage(model: VerifyModel): string {
  const { expired = false, invitedBy = null } = model;
  return renderPage(
    <Layout title="Enter your code" viewer={null} width="narrow">
      <h1>{expired ? 'That code is no longer good' : 'Enter your code'}</h1>
      <Problem text={model.problem} />
      {invitedBy ? <Banner tone="good">You come with an invitation from {invitedBy}.</Banner> : null}
      {expired ? <NewCode next={model.next} /> : <CodeForm {...model} />}
      {model.keepsMail ? (
        <p class="hint">
          No mail server is set here, so the letter waits at <a href="/dev/mail">/dev/mail</a>.
        </p>
      ) : null}
    </Layout>,
  );
}

function CodeForm({ maskedEmail, lifeMinutes = 10, problem, csrf, next }: VerifyModel) {
  return (
    <>
      <p>
        A code of six digits is on its way to <strong>{maskedEmail}</strong>. It is good for {lifeMinutes}{' '}
        minutes, and once.
      </p>
      <div class="card">
        <Form action="/verify" csrf={csrf}>
          <CodeField id="code" label="Six-digit code" autofocus invalid={problem !== null} />
          <SubmitButton>Sign in</SubmitButton>
        </Form>
      </div>
      <p class="hint">
        Nothing there after a minute? Look among the spam, or{' '}
        <a href={loginHref(next)}>send a new code or use another address</a>.
      </p>
    </>
  );
}

function NewCode({ next }: Pick<VerifyModel, 'next'>) {
  return (
    <div class="card">
      <p>Codes run out after a few minutes, after one use, and after five wrong tries.</p>
      <a class="btn" data-tone="main" href={loginHref(next)}>
        Send me a new code
      </a>
    </div>
  );
}

function loginHref(next: string | null | undefined): string {
  return next ? `/login?next=${encodeURIComponent(next)}` : '/login';
}
