/** Who signs in to the pages of Twofold, and with what the link is signed. */
export interface SsoLink {
  /** Your own id of the person, whom you have saved with `people.put`. */
  externalId: string;
  /** `SSO_SECRET` of Twofold. It belongs on servers only. */
  secret: string;
  /** `SSO_ISSUER` of Twofold. */
  issuer: string;
  /** The page to open, a path such as `/pricing`; the settings by default. */
  next?: string | undefined;
  /** `BASE_URL` of Twofold, where your server reaches it at another address than people do. */
  baseUrl?: string | undefined;
}

/** How long a link is valid. Twofold takes five minutes at most. */
const lifetimeSeconds = 120;

/** The address of an SSO link, signed with HS256. */
export async function signSsoLink(
  baseUrl: string,
  { externalId, secret, issuer, next }: Omit<SsoLink, 'baseUrl'>,
): Promise<string> {
  const secretBytes = encodeText(secret);
  if (secretBytes.length < 32) throw new TypeError('secret is SSO_SECRET of Twofold, of 32 bytes at least');
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: issuer, aud: baseUrl, sub: externalId, jti: crypto.randomUUID() },
    ...{ iat: issuedAt, exp: issuedAt + lifetimeSeconds },
  };
  const header = { alg: 'HS256', typ: 'JWT' };
  const body = [header, claims].map((part) => base64url(encodeText(JSON.stringify(part)))).join('.');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secretBytes, algorithm, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encodeText(body)));
  const url = new URL(`${baseUrl}/sso`);
  url.searchParams.set('token', `${body}.${base64url(signature)}`);
  if (next !== undefined) url.searchParams.set('next', next);
  return url.href;
}

function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
