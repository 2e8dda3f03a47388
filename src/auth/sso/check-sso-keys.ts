import { createRemoteJWKSet, type JWK } from 'jose';
import { ok, problem, type CheckResult } from '../../platform/check-result.js';
import type { Config } from '../../platform/config/config.js';
import { secondMs } from '../../platform/durations.js';

const check = 'SSO keys';
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
    const words = error instanceof Error ? error.message : String(error);
    return [
      problem(
        check,
        `${host} does not answer keys: ${words}`,
        'Correct SSO_JWKS_URL: it answers a JSON Web Key Set within five seconds. No one signs in by a link until then.',
      ),
    ];
  }
  const usable = published.jwks()?.keys.filter(isUsable).length ?? 0;
  return usable > 0
    ? [ok(check, `${host} publishes ${usable} ${usable === 1 ? 'key' : 'keys'} that can sign links`)]
    : [
        problem(
          check,
          `${host} publishes no key that can sign links`,
          'Publish a key for RS256, ES256 or EdDSA.',
        ),
      ];
}

function isUsable({ kty = '', use = 'sig' }: JWK): boolean {
  return usableKinds.includes(kty) && use === 'sig';
}
