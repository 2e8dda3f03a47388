import type { CapturedMail } from '../../notifications/index.js';
import type { Invitation } from '../invitations/invitation.service.js';
import { inviterText } from '../invitations/inviter-text.js';
import type { InvitationPreview } from '../invitations/pictures/invitation-preview.js';
import { PreviewTags } from '../invitations/pictures/preview-tags.js';
import type { DomainError } from '../../platform/errors.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { Banner, ErrorBanner } from '../../platform/ui/components.js';
import { Field, Form, SubmitButton, CodeField } from '../../platform/ui/form.js';
import { formatWait } from '../../platform/ui/format.js';
import { Layout } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { friendSentence, type RewardModel } from '../../referral/index.js';

/**
 * What /login and /r/CODE show. `invitation` is the one that was followed, `name` the one that its
 * referrer chose; `unknownCode` an unknown code, as it was typed; `offer` is what an invitation
 * brings now; `next` a path of this site; `problem` what was wrong with the form; `formId` makes
 * sending it twice one email; `preview` is what messengers show of the page.
 */
export interface LoginPageModel {
  invitation: Pick<Invitation, 'code' | 'name'> | null;
  unknownCode: string | null;
  offer: RewardModel;
  email: string;
  next: string | null;
  problem: string | null;
  formId: string;
  preview: InvitationPreview | null;
}

/** The page that asks for an address. It posts `email`, `ref` and `next` to /login. */
export function loginPage(model: LoginPageModel, locale?: string): string {
  return renderPage(<LoginPage {...model} />, locale);
}

function LoginPage(model: LoginPageModel) {
  const t = useTranslate();
  const { invitation, unknownCode, preview } = model;
  const title = t(invitation ? 'login.join' : 'login.title');
  return (
    <Layout
      title={title}
      viewer={null}
      width="narrow"
      current="/login"
      {...(preview === null ? {} : { description: preview.description, head: <PreviewTags {...preview} /> })}
    >
      <h1>{title}</h1>
      <InvitationBanner {...model} />
      <ErrorBanner text={model.problem} />
      <div class="card">
        <Form action="/login">
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
          <input type="hidden" name="formId" value={model.formId} />
          <SubmitButton>{t('login.sendCode')}</SubmitButton>
        </Form>
      </div>
    </Layout>
  );
}

function InvitationBanner({ invitation, offer }: Pick<LoginPageModel, 'invitation' | 'offer'>) {
  const t = useTranslate();
  if (invitation === null) return null;
  return (
    <Banner tone="good">
      {[inviterText(t, invitation.name), friendSentence(t, offer)].filter(Boolean).join(' ')}
    </Banner>
  );
}

/**
 * A known code is a hidden field; an unknown code is shown for correction; without a code there is
 * an empty field.
 */
function CodeEntry({ invitation, unknownCode }: LoginPageModel) {
  const t = useTranslate();
  if (invitation !== null) return <input type="hidden" name="ref" value={invitation.code} />;
  if (unknownCode === null)
    return (
      <details class="more">
        <summary>{t('login.haveCode')}</summary>
        <Field id="ref" name="ref" label={t('login.code')} autocomplete="off" maxlength={100} />
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
        maxlength={100}
        autofocus
        invalid
        hint={t('login.codeHint')}
      />
    </>
  );
}

/**
 * What /verify shows. `problem` says why a code was refused and how many attempts are left;
 * `expired` is true when only a new code helps; `capturedMail` says where emails are that are not
 * sent; `lifetimeMinutes` is how long a code is valid; `next` a path of this site;
 * `isInvited` says that an invitation was followed, `invitedBy` the name that its referrer chose.
 */
export interface VerifyPageModel {
  maskedEmail: string;
  problem: string | null;
  capturedMail: CapturedMail;
  expired: boolean;
  lifetimeMinutes: number;
  next: string | null;
  isInvited: boolean;
  invitedBy: string | null;
}

/** The page that asks for the mailed code. It posts `code` to /verify. */
export function verifyPage(model: VerifyPageModel, locale?: string): string {
  return renderPage(<VerifyPage {...model} />, locale);
}

function VerifyPage(model: VerifyPageModel) {
  const t = useTranslate();
  const { expired, isInvited, invitedBy } = model;
  return (
    <Layout title={t('verify.title')} viewer={null} width="narrow">
      <h1>{t(expired ? 'verify.expired' : 'verify.title')}</h1>
      <ErrorBanner text={model.problem} />
      {isInvited ? <Banner tone="good">{inviterText(t, invitedBy)}</Banner> : null}
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

function CodeForm({ maskedEmail, lifetimeMinutes, problem, next }: VerifyPageModel) {
  const t = useTranslate();
  return (
    <>
      <p>{t('verify.codeSent', { address: maskedEmail, minutes: lifetimeMinutes })}</p>
      <div class="card">
        <Form action="/verify">
          <CodeField id="code" label={t('verify.code')} autofocus invalid={problem !== null} />
          <input type="hidden" name="timeZone" value="" data-time-zone />
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

function loginHref(next: string | null): string {
  return next ? `/login?next=${encodeURIComponent(next)}` : '/login';
}

/** How long to wait, for a person who tried too often. */
export function tooManyAttemptsMessage(error: DomainError, t: Translate): string {
  return t('login.tooManyAttempts', { wait: formatWait(t, error.options.retryAfterSeconds ?? 60) });
}

/** Why a code did not sign in, and what to do. */
export function signInErrorMessage(error: DomainError, t: Translate): string {
  if (error.code === 'auth.too_many') return tooManyAttemptsMessage(error, t);
  const left = remainingAttempts(error);
  return left === 0 ? t('login.codeExpired') : t('login.wrongCode', { left });
}

/** Whether only a new code helps now. */
export function needsNewCode(error: DomainError): boolean {
  return error.code !== 'auth.too_many' && remainingAttempts(error) === 0;
}

function remainingAttempts(error: DomainError): number {
  const left = error.options.extensions?.attemptsLeft;
  return typeof left === 'number' ? left : 0;
}
