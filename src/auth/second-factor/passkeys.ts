import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { PasskeyCredential } from './second-factors.repository.js';

/** How long a page that asks for a passkey may stay open. */
const challengeLifetimeMs = 10 * minuteMs;

/** Loaded for the first passkey: it takes five megabytes. */
const loadWebAuthn = () => import('@simplewebauthn/server');

/** What a browser answered, and the challenge in it, which must be used up first. */
export interface PasskeyAnswer<Response> {
  response: Response;
  challenge: string;
  expiresAt: Date;
}

/** EdDSA, ES256 and RS256, by their numbers of COSE: what authenticators know today. */
const algorithms = [-8, -7, -257];

type Ceremony = 'add' | 'prove';

/**
 * The checks of WebAuthn. A challenge is signed, so that nothing is stored for a page that asks; it
 * counts for one session, for ten minutes, and once.
 */
@Injectable()
export class Passkeys {
  private readonly origin: string;
  private readonly domain: string;

  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    ({ origin: this.origin, hostname: this.domain } = new URL(config.baseUrl));
  }

  /** Browsers make passkeys for a domain only, not for the number of a host. */
  get areAvailable(): boolean {
    return isIP(this.domain.replace(/^\[|\]$/g, '')) === 0;
  }

  /** What a browser needs to make a passkey for `me`, on another device than `existing`. */
  async additionOptions(
    me: Principal,
    existing: readonly PasskeyCredential[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await loadWebAuthn();
    return generateRegistrationOptions({
      rpName: this.config.productName,
      rpID: this.domain,
      userName: me.email,
      userID: new Uint8Array(Buffer.from(me.userId)),
      challenge: this.newChallenge(me, 'add'),
      timeout: challengeLifetimeMs,
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: existing.map(toDescriptor),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
    });
  }

  /** What a browser needs to ask for one of these passkeys. */
  async proofOptions(
    me: Pick<Principal, 'sessionId'>,
    passkeys: readonly PasskeyCredential[],
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await loadWebAuthn();
    return generateAuthenticationOptions({
      rpID: this.domain,
      challenge: this.newChallenge(me, 'prove'),
      timeout: challengeLifetimeMs,
      allowCredentials: passkeys.map(toDescriptor),
      userVerification: 'preferred',
    });
  }

  /** Reads what a browser answered. Errors: `auth.second_factor_wrong` for what is not for `me`. */
  readAnswer<Response extends RegistrationResponseJSON | AuthenticationResponseJSON>(
    me: Pick<Principal, 'sessionId'>,
    ceremony: Ceremony,
    text: string,
  ): PasskeyAnswer<Response> {
    const response = parseJson(text) as Response | null;
    const clientData = parseJson(
      Buffer.from(textOf(response?.response?.clientDataJSON), 'base64url').toString('utf8'),
    ) as { challenge?: unknown } | null;
    const challenge = textOf(clientData?.challenge);
    const signed = this.secrets.unsign(
      'passkey_challenge',
      Buffer.from(challenge, 'base64url').toString('utf8'),
    );
    const [madeFor, sessionId, expiresAt] = signed?.split('|') ?? [];
    const end = new Date(Number(expiresAt));
    if (response === null || madeFor !== ceremony || sessionId !== me.sessionId || !(end > this.clock.now()))
      throw new DomainError('auth.second_factor_wrong');
    return { response, challenge, expiresAt: end };
  }

  /** The passkey of an answer. Errors: `auth.second_factor_wrong`. */
  async checkAddition({ response, challenge }: PasskeyAnswer<RegistrationResponseJSON>) {
    const { verifyRegistrationResponse } = await loadWebAuthn();
    const { registrationInfo } = await refuseWrong(
      verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: this.origin,
        expectedRPID: this.domain,
        requireUserVerification: false,
        supportedAlgorithmIDs: algorithms,
      }),
    );
    if (registrationInfo === undefined) throw new DomainError('auth.second_factor_wrong');
    const { id, publicKey, counter } = registrationInfo.credential;
    return {
      credentialId: Buffer.from(id, 'base64url'),
      publicKey: Buffer.from(publicKey),
      signCount: String(counter),
      transports: knownTransports(response.response.transports),
    };
  }

  /**
   * The counter of a right answer of `passkey`. Whether it is above the newest one is decided where
   * it is stored. Errors: `auth.second_factor_wrong`.
   */
  async checkProof(
    { response, challenge }: PasskeyAnswer<AuthenticationResponseJSON>,
    passkey: PasskeyCredential,
  ): Promise<number> {
    const { verifyAuthenticationResponse } = await loadWebAuthn();
    const { verified, authenticationInfo } = await refuseWrong(
      verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: this.origin,
        expectedRPID: this.domain,
        requireUserVerification: false,
        credential: {
          id: passkey.credentialId.toString('base64url'),
          publicKey: new Uint8Array(passkey.publicKey),
          counter: 0,
        },
      }),
    );
    if (!verified) throw new DomainError('auth.second_factor_wrong');
    return authenticationInfo.newCounter;
  }

  private newChallenge({ sessionId }: Pick<Principal, 'sessionId'>, ceremony: Ceremony) {
    const end = addMs(this.clock.now(), challengeLifetimeMs).getTime();
    const content = [ceremony, sessionId, end, randomBytes(16).toString('base64url')].join('|');
    return new Uint8Array(Buffer.from(this.secrets.sign('passkey_challenge', content), 'utf8'));
  }
}

const transports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

function knownTransports(named: unknown): string[] {
  return Array.isArray(named) ? transports.filter((one) => named.includes(one)) : [];
}

function toDescriptor({ credentialId, transports: own }: PasskeyCredential) {
  return {
    id: credentialId.toString('base64url'),
    transports: knownTransports(own) as AuthenticatorTransport[],
  };
}

/** What a browser sent may be anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * The library throws for whatever is wrong with an answer, which is always the sender's mistake.
 */
async function refuseWrong<T>(check: Promise<T>): Promise<T> {
  try {
    return await check;
  } catch (error) {
    throw new DomainError('auth.second_factor_wrong', { cause: error });
  }
}
