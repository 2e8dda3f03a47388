import { createRemoteJWKSet, type JWK } from 'jose';
import { ok, problem, type CheckResult } from '../../platform/check-result.js';
import type { Config } from '../../platform/config/config.js';
import { secondMs } from '../../platform/durations.js';

const check = 'ssoKeys';
/** The kinds of keys that can sign an SSO link. */
const usableKinds: readonly string[] = ['RSA', 'EC', 'OKP'];

/**
 * Whether the other product publishes keys that verify its SSO links. No finding without
 * SSO_JWKS_URL. Errors: none, they are findings.
 */
export async function checkSsoKeys({ ssoJwksUrl }: Config): Promise<CheckResult[]> {
  if (ssoJwksUrl === null) return [];
  const { host } = new URL(ssoJwksUrl);
  const published = createRemoteJWKSet(new URL(ssoJwksUrl), { timeoutDuration: 5 * secondMs });
  try {
    await published.reload();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [problem(check, 'noSsoKeys', { host, reason })];
  }
  const usable = published.jwks()?.keys.filter(isUsable).length ?? 0;
  return usable > 0
    ? [ok(check, 'ssoKeysPublished', { host, usable })]
    : [problem(check, 'noUsableSsoKeys', { host })];
}

function isUsable({ kty = '', use = 'sig' }: JWK): boolean {
  return usableKinds.includes(kty) && use === 'sig';
}
