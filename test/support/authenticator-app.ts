import { Secret, TOTP } from 'otpauth';
import type { Person } from './given.js';
import { formFieldValue } from './staff.js';
import type { World } from './world.js';

/** The app of a person: the codes it shows. */
export interface AuthenticatorApp {
  code(): string;
}

/** The form of a browser that is signed in. */
export async function submitForm(
  world: World,
  token: string,
  url: string,
  fields: Record<string, string> = {},
) {
  return world.app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: {
      accept: 'text/html',
      cookie: `tf_session=${token}`,
      origin: world.config.baseUrl,
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
}

/** The token of the session that an answer hands to the browser. */
export function sessionTokenOf(answer: { cookies: { name: string; value: string }[] }): string {
  return answer.cookies.find(({ name }) => name === 'tf_session')?.value ?? '';
}

/** An app that a person begins to add: the codes it shows, and what its page sends back. */
export async function beginAuthenticatorApp(world: World, token: string) {
  const page = await submitForm(world, token, '/settings/second-factor/app/new');
  const secret = /<code class="secret">([A-Z2-7 ]+)</.exec(page.body)?.[1]?.replaceAll(' ', '') ?? '';
  const code = () =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now().getTime() });
  return { page, secret, code, sealed: formFieldValue(page.body, 'app') };
}

/** Has a person add an app. Answers the app, their new token and their recovery codes. */
export async function addAuthenticatorApp(
  world: World,
  person: Person,
): Promise<{ app: AuthenticatorApp; person: Person; recoveryCodes: string[] }> {
  const { sealed, code } = await beginAuthenticatorApp(world, person.token);
  const added = await submitForm(world, person.token, '/settings/second-factor/app', {
    app: sealed,
    code: code(),
  });
  if (added.statusCode !== 200) throw new Error(`Adding an app answered ${added.statusCode}: ${added.body}`);
  const recoveryCodes = [...added.body.matchAll(/<code>([a-z0-9-]{19})<\/code>/g)].map(
    ([, code = '']) => code,
  );
  return { app: { code }, person: { ...person, token: sessionTokenOf(added) }, recoveryCodes };
}
