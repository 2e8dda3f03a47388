import { randomUUID } from 'node:crypto';
import { SignJWT, type CryptoKey, type JWTHeaderParameters } from 'jose';
import { givenHostKey, givenPerson } from './person-tokens.js';
import type { World } from './world.js';

export const ssoSecret = 'a-secret-that-the-host-product-shares-0123456789';
export const ssoIssuer = 'https://host.example';

/** Claims that replace those of a right token; undefined leaves one out. */
export type Claims = Record<string, unknown>;

/** Signs a token for a person, as a host product does. Times are Unix seconds of `world`. */
export function signSsoToken(
  world: World,
  externalId: string,
  claims: Claims = {},
  {
    key = new TextEncoder().encode(ssoSecret),
    header = { alg: 'HS256' },
  }: { key?: CryptoKey | Uint8Array; header?: JWTHeaderParameters } = {},
): Promise<string> {
  const { seconds } = world.when;
  const right = { sub: externalId, jti: randomUUID(), iat: seconds, exp: seconds + 120 };
  const all = { ...right, iss: ssoIssuer, aud: world.config.baseUrl, ...claims };
  return new SignJWT(all).setProtectedHeader(header).sign(key);
}

/** The path of a link with this token. */
export function ssoPath(token: string, next?: string): string {
  return `/sso?${new URLSearchParams({ token, ...(next === undefined ? {} : { next }) }).toString()}`;
}

/** People of a host product, by their external ids: `<id>@example.org`. */
export async function givenPeople(world: World, ...externalIds: string[]): Promise<void> {
  const key = await givenHostKey(world);
  for (const externalId of externalIds) await givenPerson(world, key, externalId);
}
