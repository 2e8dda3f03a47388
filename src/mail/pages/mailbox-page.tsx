import { Layout } from '../../platform/pages/layout.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { CopyButton, EmptyState } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';

/** A kept letter as the pages show it: its text part only, never its HTML. */
export interface ShownLetter {
  id: string;
  to: string;
  subject: string;
  text: string;
  createdAt: Date;
}

/** The list of kept letters, newest first; looks again by itself every few seconds. */
export function mailboxPage(letters: readonly ShownLetter[]): string {
  return renderPage(
    <Layout title="Mail" viewer={null} head={<meta http-equiv="refresh" content="5" />}>
      <h1>Mail</h1>
      <p class="lead">Letters are kept here because no mail server is set (SMTP_URL).</p>
      {letters.length === 0 ? (
        <EmptyState title="No letter yet">
          <a href="/login">Ask for a sign-in code</a>, and it appears here.
        </EmptyState>
      ) : (
        <ul class="rows">
          {letters.map((letter) => (
            <li key={letter.id}>
              <a href={`/dev/mail/${encodeURIComponent(letter.id)}`}>{letter.subject}</a>
              <span class="hint">
                to {letter.to}, <Moment at={letter.createdAt} reader={anybody} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Layout>,
  );
}

/** One kept letter: its text part, as text. */
export function letterPage(letter: ShownLetter): string {
  const code = /^\d{6}$/m.exec(letter.text)?.[0];
  return renderPage(
    <Layout title={letter.subject} viewer={null}>
      <p>
        <a href="/dev/mail">← All mail</a>
      </p>
      <h1>{letter.subject}</h1>
      <p class="hint">
        To {letter.to}, <Moment at={letter.createdAt} reader={anybody} />
      </p>
      <pre class="card letter">{letter.text}</pre>
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
