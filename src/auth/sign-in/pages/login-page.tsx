import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { Banner, ErrorBanner } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';

/**
 * What /login shows. `invitation` is the one that was followed; `unknownCode` an unknown code, as it was typed;
 * `creditDays` what a newcomer gets; `next` a path of this site; `problem` what was wrong with the form.
 */
export interface LoginPageModel {
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
export function loginPage(model: LoginPageModel, locale?: string): string {
  return renderPage(<LoginPage {...model} />, locale);
}

function LoginPage(model: LoginPageModel) {
  const t = useTranslate();
  const { invitation, unknownCode, csrf } = model;
  return (
    <Layout title={t('login.title')} viewer={null} width="narrow" current="/login">
      <h1>{t(invitation ? 'login.join' : 'login.title')}</h1>
      <InvitationBanner {...model} />
      <ErrorBanner text={model.problem} />
      <div class="card">
        <Form action="/login" csrf={csrf}>
          <Field
            id="email"
            name="email"
            type="email"
            label={t('login.email')}
            value={model.email}
            autocomplete="email"
            required
            autofocus={unknownCode === null}
            invalid={model.problem !== null}
            hint={t('login.emailHint')}
          />
          <CodeEntry {...model} />
          <input type="hidden" name="next" value={model.next ?? ''} />
          <SubmitButton>{t('login.sendCode')}</SubmitButton>
        </Form>
      </div>
    </Layout>
  );
}

function InvitationBanner({ invitation, creditDays, programmePaused = false }: LoginPageModel) {
  const t = useTranslate();
  if (invitation === null) return null;
  const key = programmePaused ? 'paused' : creditDays === 0 ? 'plain' : 'days';
  return (
    <Banner tone="good">{t(`login.invited.${key}`, { label: invitation.label, days: creditDays })}</Banner>
  );
}

/** A known invitation travels along unseen; an unknown code is shown to be mended; else there is room for one. */
function CodeEntry({ invitation, unknownCode }: LoginPageModel) {
  const t = useTranslate();
  if (invitation !== null) return <input type="hidden" name="ref" value={invitation.code} />;
  if (unknownCode === null)
    return (
      <details class="more">
        <summary>{t('login.haveCode')}</summary>
        <Field id="ref" name="ref" label={t('login.code')} autocomplete="off" maxLength={100} />
      </details>
    );
  return (
    <>
      <Banner tone="warn">{t('login.unknownCode', { code: unknownCode })}</Banner>
      <Field
        id="ref"
        name="ref"
        label={t('login.code')}
        value={unknownCode}
        autocomplete="off"
        maxLength={100}
        autofocus
        invalid
        hint={t('login.codeHint')}
      />
    </>
  );
}
