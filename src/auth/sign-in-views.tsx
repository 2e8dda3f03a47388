import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Invitation } from './invitations.js';

/** What /login shows. `unknownCode` is a referral code that nobody has; `next` a path of this site. */
export interface LoginModel {
  invitation: Invitation | null;
  unknownCode: string | null;
  creditDays: number;
  email: string;
  next: string | null;
  problem: string | null;
}

/** What /verify shows. `keepsMail` is true where letters are kept at /dev/mail instead of being sent. */
export interface VerifyModel {
  maskedEmail: string;
  problem: string | null;
  keepsMail: boolean;
}

/** The page that asks for an address. */
export function loginPage(model: LoginModel): string {
  const { invitation, unknownCode } = model;
  return document(
    'Sign in',
    <>
      <h1>Sign in</h1>
      {invitation && (
        <p class="banner" role="status">
          {invitation.label} invited you: {model.creditDays} days of paid access when you first pay.
        </p>
      )}
      {unknownCode && (
        <p class="banner" role="status">
          Nobody has the code “{unknownCode}”. Correct it below, or leave it out.
        </p>
      )}
      <Problem text={model.problem} />
      <form method="post" action="/login">
        <label>
          E-mail address{' '}
          <input type="email" name="email" value={model.email} autocomplete="email" required autofocus />
        </label>
        {unknownCode === null ? (
          <input type="hidden" name="ref" value={invitation?.code ?? ''} />
        ) : (
          <label>
            Invitation code <input name="ref" value={unknownCode} autocomplete="off" />
          </label>
        )}
        <input type="hidden" name="next" value={model.next ?? ''} />
        <button type="submit">Send me a code</button>
      </form>
    </>,
  );
}

/** The page that asks for the code. */
export function verifyPage({ maskedEmail, problem, keepsMail }: VerifyModel): string {
  return document(
    'Enter your code',
    <>
      <h1>Enter your code</h1>
      <p>A code of six digits is on its way to {maskedEmail}. It is good for ten minutes.</p>
      {keepsMail && (
        <p>
          No mail server is set, so it is kept at <a href="/dev/mail">/dev/mail</a>.
        </p>
      )}
      <Problem text={problem} />
      <form method="post" action="/verify">
        <label>
          Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus />
        </label>
        <button type="submit">Sign in</button>
      </form>
      <p>
        <a href="/login">Use another address, or send a new code</a>
      </p>
    </>,
  );
}

function Problem({ text }: { text: string | null }) {
  return text === null ? null : <p role="alert">{text}</p>;
}

function document(title: string, main: ComponentChildren): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Twofold`}</title>
      </head>
      <body>
        <main>{main}</main>
      </body>
    </html>,
  )}`;
}
