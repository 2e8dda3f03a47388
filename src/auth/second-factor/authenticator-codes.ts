import { Secret, TOTP } from 'otpauth';
import { minuteMs, secondMs } from '../../platform/durations.js';

const periodSeconds = 30;
/** A code counts in the period before its own and the one after, since clocks differ. */
const window = 1;
/** As long as any code of a period counts. */
export const authenticatorCodeLifetimeMs = 2 * minuteMs;

/** A new secret, in base32, as apps take it: 160 bits. */
export function newAuthenticatorSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address that apps read from a QR code. `label` is what the app calls the account. */
export function authenticatorUri(
  secret: string,
  { issuer, label }: { issuer: string; label: string },
): string {
  return totpOf(secret, { issuer, label }).toString();
}

/**
 * The period of 30 seconds, since 1970, that a code was made for; null for a wrong code at `now`.
 */
export function findAuthenticatorPeriod(secret: string, code: string, now: Date): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: now.getTime(), window });
  return delta === null ? null : Math.floor(now.getTime() / (periodSeconds * secondMs)) + delta;
}

function totpOf(secret: string, names: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({
    ...names,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1', // what every app knows
    digits: 6,
    period: periodSeconds,
  });
}
