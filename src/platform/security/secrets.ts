import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

/** What a key is used for; a value made for one purpose is worthless for another. */
export type Purpose =
  | 'session'
  | 'api_key'
  | 'sign_in_code'
  | 'cookie'
  | 'email'
  | 'form'
  | 'sealed_event'
  | 'sandbox'
  | 'signal'
  | 'device'
  | 'trusted_device'
  | 'erased_code'
  | 'unsubscribe'
  | 'webhook_secret'
  | 'authenticator_app'
  | 'pending_authenticator_app'
  | 'recovery_code'
  | 'passkey_challenge'
  | 'staff_invitation'
  | 'person_token';

/**
 * What is made once and must be recognised for good: who was rewarded before, what people share, a
 * link in an old email, the secret that a receiver of webhooks has, and second factors. None of
 * them lets anybody in alone.
 */
const longLivedPurposes: ReadonlySet<Purpose> = new Set([
  'email',
  'erased_code',
  'signal',
  'unsubscribe',
  'webhook_secret',
  'authenticator_app',
  'recovery_code',
]);

/**
 * Keyed hashes, signatures and sealed values. The first key makes, all of them verify, so keys can
 * be rotated by putting a new one in front. A retired key only recognises what lasts: no session,
 * code or cookie of it counts.
 */
export class Secrets {
  private readonly derivedKeys = new Map<Purpose, KeyObject[]>();

  constructor(
    private readonly secretKeys: readonly string[],
    private readonly retiredKeys: readonly string[] = [],
  ) {
    if (secretKeys.length === 0) throw new Error('Secrets need at least one key');
  }

  /** A fingerprint of each key, retired ones included, that reveals nothing of the key itself. */
  keyIds(): string[] {
    return [...this.secretKeys, ...this.retiredKeys].map((key) =>
      Buffer.from(hkdfSync('sha256', key, 'twofold', 'key id', 6)).toString('hex'),
    );
  }

  /** The keyed hash of `value`, 32 bytes, under the first key. */
  hash(purpose: Purpose, value: string): Buffer {
    return this.hashes(purpose, value)[0] as Buffer;
  }

  /** The keyed hash of `value` under every key, for looking something up. */
  hashes(purpose: Purpose, value: string): Buffer[] {
    return this.keysFor(purpose).map((key) => createHmac('sha256', key).update(value, 'utf8').digest());
  }

  /** As {@link hashes}, in hexadecimal. */
  hashesInHex(purpose: Purpose, value: string): string[] {
    return this.keysFor(purpose).map((key) => createHmac('sha256', key).update(value, 'utf8').digest('hex'));
  }

  /** Whether `hash` was made of `value`, under any key, compared in constant time. */
  matches(purpose: Purpose, value: string, hash: Buffer): boolean {
    return this.hashes(purpose, value).some(
      (own) => own.length === hash.length && timingSafeEqual(own, hash),
    );
  }

  /** `value` followed by its signature: safe to hand to a browser, readable by anybody. */
  sign(purpose: Purpose, value: string): string {
    return `${Buffer.from(value, 'utf8').toString('base64url')}.${this.hash(purpose, value).toString('base64url')}`;
  }

  /** The value that was signed, or null when the signature is not valid. */
  unsign(purpose: Purpose, signed: string): string | null {
    const [body, mac, ...rest] = signed.split('.');
    if (body === undefined || mac === undefined || rest.length > 0) return null;
    const value = Buffer.from(body, 'base64url').toString('utf8');
    return this.matches(purpose, value, Buffer.from(mac, 'base64url')) ? value : null;
  }

  /**
   * `value` so that only we can read it again (AES-256-GCM), for what must rest in the database for
   * a while.
   */
  seal(purpose: Purpose, value: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.keysFor(purpose)[0] as KeyObject, nonce);
    const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** What {@link seal} was given, or null when none of the keys opens it. */
  open(purpose: Purpose, sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    for (const key of this.keysFor(purpose)) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        continue; // another key may fit
      }
    }
    return null;
  }

  /** One key per purpose and secret, derived once. */
  private keysFor(purpose: Purpose): KeyObject[] {
    const known = this.derivedKeys.get(purpose);
    if (known !== undefined) return known;
    const keys = longLivedPurposes.has(purpose) ? [...this.secretKeys, ...this.retiredKeys] : this.secretKeys;
    const made = keys.map((key) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', key, 'twofold', purpose, 32))),
    );
    this.derivedKeys.set(purpose, made);
    return made;
  }
}
