import { Layout } from '../../platform/ui/layout.js';
import { defaultReader, DateTime } from '../../platform/ui/date-time.js';
import { CopyButton, EmptyState } from '../../platform/ui/components.js';
import { renderPage } from '../../platform/ui/render-page.js';

/** A kept email as the pages show it: its text part only, never its HTML. */
export interface ShownEmail {
  id: string;
  to: string;
  subject: string;
  text: string;
  createdAt: Date;
}

/** The list of kept emails, newest first; checks again by itself every few seconds. */
export function capturedEmailsPage(emails: readonly ShownEmail[]): string {
  return renderPage(
    <Layout title="Mail" viewer={null} head={<meta http-equiv="refresh" content="5" />}>
      <h1>Mail</h1>
      <p class="lead">Emails appear here because no mail server is configured (SMTP_URL).</p>
      {emails.length === 0 ? (
        <EmptyState title="No emails yet">
          <a href="/login">Request a sign-in code</a>, and it appears here.
        </EmptyState>
      ) : (
        <ul class="rows">
          {emails.map((email) => (
            <li key={email.id}>
              <a href={`/dev/mail/${encodeURIComponent(email.id)}`}>{email.subject}</a>
              <span class="hint">
                to {email.to}, <DateTime at={email.createdAt} readerSettings={defaultReader} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Layout>,
  );
}

/** One kept email: its text part, as text. */
export function capturedEmailPage(email: ShownEmail): string {
  const code = /^\d{6}$/m.exec(email.text)?.[0];
  return renderPage(
    <Layout title={email.subject} viewer={null}>
      <p>
        <a href="/dev/mail">← All emails</a>
      </p>
      <h1>{email.subject}</h1>
      <p class="hint">
        To {email.to}, <DateTime at={email.createdAt} readerSettings={defaultReader} />
      </p>
      <pre class="card email-text">{email.text}</pre>
      {code ? (
        <p class="actions">
          <CopyButton text={code} label="Copy the code" />
          <a class="btn" data-tone="plain" href="/verify">
            Enter the code
          </a>
        </p>
      ) : null}
    </Layout>,
  );
}
