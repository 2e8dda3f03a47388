import { Inject, Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { minuteMs, secondMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { externalIdPattern } from '../../platform/external-id.js';

/** How far the clock of the other product may differ. */
const toleranceSeconds = 30;
/** From `iat` to `exp`, and from `iat` to the last use. */
const longestLifeSeconds = 300;
const longestToken = 4_096;
const longestJti = 255;

/** An SSO token that is right: signed by the other product, for us, and not expired. */
export interface SsoToken {
  /** Whom it stands for, by the other product's id. */
  externalId: string;
  /** What makes it the only one of its kind. */
  jti: string;
  expiresAt: Date;
}

/**
 * Verifies SSO tokens. The configuration decides how they are signed, and never the token: with a
 * shared secret (HS256), or with a key that the other product publishes (RS256, ES256, EdDSA).
 */
@Injectable()
export class SsoTokens {
  private readonly logger = new Logger('auth');
  private readonly secrets: Uint8Array[];
  private readonly publishedKeys: ReturnType<typeof createRemoteJWKSet> | null;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.secrets = config.ssoSecrets.map((secret) => new TextEncoder().encode(secret));
    this.publishedKeys =
      config.ssoJwksUrl === null
        ? null
        : createRemoteJWKSet(new URL(config.ssoJwksUrl), {
            timeoutDuration: 5 * secondMs,
            cooldownDuration: 30 * secondMs, // between two requests for a key that is unknown
            cacheMaxAge: 10 * minuteMs,
          });
  }

  /** Whether SSO links are configured at all. */
  get isConfigured(): boolean {
    return this.secrets.length > 0 || this.publishedKeys !== null;
  }

  /**
   * Errors: `auth.sso_unreadable` for what is no token, `auth.sso_expired`, `auth.sso_refused` for
   * all else that is wrong with it, `auth.sso_keys_unreachable`.
   */
  async verify(token: string): Promise<SsoToken> {
    if (token === '' || token.length > longestToken) throw new DomainError('auth.sso_unreadable');
    try {
      return readClaims(await this.verifySignature(token));
    } catch (error) {
      const refusal = toRefusal(error);
      // claims and the token itself stay out of the log
      const reason = error instanceof Error ? error.message : null;
      this.logger.log({ msg: 'auth.sso_token_refused', code: refusal.code, reason });
      throw refusal;
    }
  }

  private async verifySignature(token: string): Promise<JWTPayload> {
    const options: JWTVerifyOptions = {
      algorithms: this.publishedKeys === null ? ['HS256'] : ['RS256', 'ES256', 'EdDSA'],
      issuer: this.config.ssoIssuer ?? [],
      audience: this.config.baseUrl,
      requiredClaims: ['sub', 'jti', 'exp', 'iat'],
      clockTolerance: toleranceSeconds,
      // a token that seems to be from the future, as the tolerance lets it, lives no longer for it
      maxTokenAge: longestLifeSeconds - toleranceSeconds,
      currentDate: this.clock.now(),
    };
    if (this.publishedKeys !== null) return (await jwtVerify(token, this.publishedKeys, options)).payload;
    for (const secret of this.secrets.slice(0, -1)) {
      try {
        return (await jwtVerify(token, secret, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    return (await jwtVerify(token, this.secrets.at(-1) as Uint8Array, options)).payload;
  }
}

/** A claim that is signed, and still not what it has to be. */
class WrongClaimError extends Error {}

function readClaims({ sub, jti, exp = 0, iat = 0 }: JWTPayload): SsoToken {
  if (typeof sub !== 'string' || !externalIdPattern.test(sub))
    throw new WrongClaimError('"sub" is no external id');
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > longestJti)
    throw new WrongClaimError(`"jti" is not a text of 1 to ${longestJti} characters`);
  if (exp - iat > longestLifeSeconds)
    throw new WrongClaimError(`"exp" is more than ${longestLifeSeconds} seconds after "iat"`);
  return { externalId: sub, jti, expiresAt: new Date(exp * secondMs) };
}

/** What is no mistake of the token is one of the request for the keys. */
function toRefusal(cause: unknown): DomainError {
  if (cause instanceof errors.JWTExpired) return new DomainError('auth.sso_expired');
  if (cause instanceof errors.JWSInvalid || cause instanceof errors.JWTInvalid)
    return new DomainError('auth.sso_unreadable');
  const isWrong = [
    WrongClaimError,
    errors.JWTClaimValidationFailed,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ].some((kind) => cause instanceof kind);
  return isWrong
    ? new DomainError('auth.sso_refused')
    : new DomainError('auth.sso_keys_unreachable', { cause });
}
