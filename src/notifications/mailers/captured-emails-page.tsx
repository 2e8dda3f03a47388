import { Layout } from '../../platform/ui/layout.js';
import { DateTime } from '../../platform/ui/date-time.js';
import { CopyButton, EmptyState } from '../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';

/** A kept email as the pages show it: its text part only, never its HTML. */
export interface ShownEmail {
  id: string;
  to: string;
  subject: string;
  text: string;
  createdAt: Date;
}

/** The list of kept emails, newest first. */
export function capturedEmailsPage(emails: readonly ShownEmail[], locale?: string): string {
  return renderPage(<EmailList emails={emails} />, locale);
}

function EmailList({ emails }: { emails: readonly ShownEmail[] }) {
  const t = useTranslate();
  return (
    <Layout title={t('devMail.title')} viewer={null}>
      <h1>{t('devMail.title')}</h1>
      <p class="lead">{t('devMail.intro')}</p>
      <p>
        <a href="/dev/mail">{t('devMail.reload')}</a> ·{' '}
        <a href="/dev/mail/examples">{t('devMail.gallery')}</a>
      </p>
      {emails.length === 0 ? (
        <EmptyState title={t('devMail.empty')}>
          {t('devMail.emptyHint')} <a href="/login">{t('devMail.requestCode')}</a>
        </EmptyState>
      ) : (
        <ul class="rows">
          {emails.map((email) => (
            <li key={email.id}>
              <a href={`/dev/mail/${encodeURIComponent(email.id)}`}>{email.subject}</a>
              <span class="hint">
                {t('devMail.to', { address: email.to })}, <DateTime at={email.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Layout>
  );
}

/** One kept email: its text part, as text. */
export function capturedEmailPage(email: ShownEmail, locale?: string): string {
  return renderPage(<Email email={email} />, locale);
}

function Email({ email }: { email: ShownEmail }) {
  const t = useTranslate();
  const code = /^\d{6}$/m.exec(email.text)?.[0];
  return (
    <Layout title={email.subject} viewer={null}>
      <p>
        <a href="/dev/mail">← {t('devMail.all')}</a>
      </p>
      <h1>{email.subject}</h1>
      <p class="hint">
        {t('devMail.to', { address: email.to })}, <DateTime at={email.createdAt} />
      </p>
      <pre class="card email-text">{email.text}</pre>
      <p>
        <a href={`/dev/mail/${encodeURIComponent(email.id)}/html`}>{t('devMail.asHtml')}</a>
      </p>
      {code ? (
        <p class="actions">
          <CopyButton text={code} label={t('devMail.copyCode')} />
          <a class="btn" data-tone="plain" href="/verify">
            {t('devMail.enterCode')}
          </a>
        </p>
      ) : null}
    </Layout>
  );
}
