import { Field, Form, SubmitButton } from '../../platform/pages/form.js';
import { Layout } from '../../platform/pages/layout.js';
import { Banner, Problem } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { daysOfAccess } from '../../platform/pages/words.js';

/**
 * What /login shows. `invitation` is the one that was followed; `unknownCode` a code that nobody has, as it was typed;
 * `creditDays` what a newcomer gets; `next` a path of this site; `problem` what was wrong with the form.
 */
export interface LoginModel {
  invitation: { code: string; label: string } | null;
  unknownCode: string | null;
  creditDays: number;
  email: string;
  next: string | null;
  problem: string | null;
  programmePaused?: boolean;
  csrf?: string;
}

/** The page that asks for an address. It posts `email`, `ref` and `next` to /login. */
export function loginPage(model: LoginModel): string {
  const { invitation, unknownCode, csrf } = model;
  return renderPage(
    <Layout title="Sign in" viewer={null} width="narrow" current="/login">
      <h1>{invitation ? 'Join with your invitation' : 'Sign in'}</h1>
      <InvitationBanner {...model} />
      <Problem text={model.problem} />
      <div class="card">
        <Form action="/login" csrf={csrf}>
          <Field
            id="email"
            name="email"
            type="email"
            label="E-mail address"
            value={model.email}
            autocomplete="email"
            required
            autofocus={unknownCode === null}
            invalid={model.problem !== null}
            hint="We send you a code of six digits. No password, and an account is made if you have none."
          />
          <CodeEntry {...model} />
          <input type="hidden" name="next" value={model.next ?? ''} />
          <SubmitButton>Send me a code</SubmitButton>
        </Form>
      </div>
    </Layout>,
  );
}

function InvitationBanner({ invitation, creditDays, programmePaused = false }: LoginModel) {
  if (invitation === null) return null;
  return (
    <Banner tone="good">
      {programmePaused
        ? `${invitation.label} invited you. The programme is paused, so joining now brings no reward.`
        : creditDays === 0
          ? `${invitation.label} invited you.`
          : `${invitation.label} invited you: ${daysOfAccess(creditDays)} when you first pay.`}
    </Banner>
  );
}

/** A known invitation travels along unseen; an unknown code is shown to be mended; else there is room for one. */
function CodeEntry({ invitation, unknownCode }: LoginModel) {
  if (invitation !== null) return <input type="hidden" name="ref" value={invitation.code} />;
  if (unknownCode === null)
    return (
      <details class="more">
        <summary>I have an invitation code</summary>
        <Field id="ref" name="ref" label="Invitation code" autocomplete="off" maxLength={100} />
      </details>
    );
  return (
    <>
      <Banner tone="warn">
        Nobody has the code “{unknownCode}”. Correct it below, or empty the field to go on without an
        invitation.
      </Banner>
      <Field
        id="ref"
        name="ref"
        label="Invitation code"
        value={unknownCode}
        autocomplete="off"
        maxLength={100}
        autofocus
        invalid
        hint="Eight letters and digits; capitals, spaces and dashes make no difference. There is no 0, 1, I or O in it."
      />
    </>
  );
}
