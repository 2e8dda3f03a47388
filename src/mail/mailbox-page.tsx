import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { KeptLetter } from './mailbox.js';

/** The list of kept letters, newest first; looks again by itself every few seconds. */
export function mailboxPage(letters: KeptLetter[]): string {
  return document(
    'Mail',
    <>
      <h1>Mail</h1>
      <p>Letters are kept here because no mail server is set (SMTP_URL).</p>
      {letters.length === 0 ? (
        <p>No letter yet. Ask for a sign-in code, and it appears here.</p>
      ) : (
        <ul>
          {letters.map((letter) => (
            <li key={letter.id}>
              <a href={`/dev/mail/${encodeURIComponent(letter.id)}`}>{letter.subject}</a> to {letter.to},{' '}
              <Moment at={letter.createdAt} />
            </li>
          ))}
        </ul>
      )}
    </>,
    <meta http-equiv="refresh" content="5" />,
  );
}

/** One kept letter: its text part, as text. */
export function letterPage(letter: KeptLetter): string {
  return document(
    letter.subject,
    <>
      <p>
        <a href="/dev/mail">All mail</a>
      </p>
      <h1>{letter.subject}</h1>
      <p>
        To {letter.to}, <Moment at={letter.createdAt} />
      </p>
      <pre>{letter.text}</pre>
    </>,
  );
}

function Moment({ at }: { at: Date }) {
  const iso = at.toISOString();
  return <time dateTime={iso}>{iso.replace('T', ' ').slice(0, 19)} UTC</time>;
}

function document(title: string, main: ComponentChildren, head: ComponentChildren = null): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Twofold`}</title>
        {head}
      </head>
      <body>
        <main>{main}</main>
      </body>
    </html>,
  )}`;
}
