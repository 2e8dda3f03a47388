import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { dayMs, hourMs, minuteMs, secondMs } from '../../platform/durations.js';
import { canonicalMailbox, type EmailAddress } from '../../platform/email-address.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import type { RateLimit } from '../../platform/security/rate-limits.repository.js';
import { Secrets } from '../../platform/security/secrets.js';
import { ipPrefix } from './requester.js';

/** How often one code may be tried. */
export const maxAttemptsPerCode = 5;
/**
 * Codes that may be open for one address, for anonymous visitors together and for each device that
 * has proven it. Not multiplied: it bounds the guesses against the address.
 */
export const maxOpenCodesPerAddress = 5;
const codesPerMailboxPerHour = 10;
const codesPerNetworkPerHour = 100;
/** For all devices together that have proven an address of a mailbox. */
const codesPerTrustedMailboxPerHour = 30;
const attemptsPerNetworkPerTenMinutes = 60;
const refusedSsoLinksPerNetworkPerTenMinutes = 60;
const ssoLinksPerPersonPerTenMinutes = 60;
/**
 * Of all sessions of a person: 30 guesses of 3 in a million a day. Not multiplied: the number of
 * guesses is all that protects six digits, and people of one network do not share it.
 */
const wrongFactorsPerPersonPerHour = 10;
const wrongFactorsPerPersonPerDay = 30;
const failureBudgetPerAddressPerDay = 25;
const cooldownPerFailureMs = 10 * secondMs;
const maxCooldownMs = 4 * minuteMs;

/**
 * How often one may ask for codes and try them. What a device does that has proven the address
 * before counts against its own allowance only, so anonymous visitors cannot use it up. Where the
 * numbers come from: docs/decisions/0055-sign-in-limits.md.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly rates: RateLimits,
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Runs `work`, which sends a code to `email`, as one request. All spellings of a mailbox share
   * its limit. `device`: the keyed hash of a device that has proven the address; anonymous visitors
   * use none of its limits up. Errors: `auth.too_many`; a database out of reach refuses, too.
   */
  limitRequest<T>(
    { email, ip, device }: { email: EmailAddress; ip: string; device: Buffer | null },
    work: () => Promise<T>,
  ): Promise<T> {
    const mailbox = hashText(this.secrets.hash('email', canonicalMailbox(email)));
    const perHour = (key: string, hits: number): RateLimit => ({
      key: `code:${key}`,
      hits,
      windowMs: hourMs,
    });
    const limits =
      device === null
        ? [
            perHour(`address:${mailbox}`, codesPerMailboxPerHour),
            perHour(`network:${ipPrefix(ip)}`, codesPerNetworkPerHour),
          ]
        : [
            perHour(`address:${mailbox}:${hashText(device)}`, codesPerMailboxPerHour),
            perHour(`proven:${mailbox}`, codesPerTrustedMailboxPerHour),
            perHour(`proven-network:${ipPrefix(ip)}`, codesPerNetworkPerHour),
          ];
    return this.rates.runLimited(this.scaled(limits), work);
  }

  /** What limits a try of a code that `device` asked for. */
  attemptLimits({ ip, device }: { ip: string; device: Buffer | null }): RateLimit[] {
    const key =
      device === null ? `attempt:network:${ipPrefix(ip)}` : `attempt:trusted-device:${hashText(device)}`;
    return this.scaled([{ key, hits: attemptsPerNetworkPerTenMinutes, windowMs: 10 * minuteMs }]);
  }

  /**
   * Runs `proof`, which tries a second factor or a recovery code of `userId`. It is counted before
   * it is compared, so guesses at the same time are no more; a right one is returned. No setting
   * widens this limit. Errors: `auth.too_many`; those of the proof.
   */
  limitSecondFactor<T>(userId: string, proof: () => Promise<T>): Promise<T> {
    const key = `second-factor:${userId}`;
    return this.rates.runLimitedFailures(
      [
        { key: `${key}:hour`, hits: wrongFactorsPerPersonPerHour, windowMs: hourMs },
        { key: `${key}:day`, hits: wrongFactorsPerPersonPerDay, windowMs: dayMs },
      ],
      proof,
    );
  }

  /** Counts an SSO link that was refused. Errors: `auth.too_many`. */
  async countRefusedSsoLink(ip: string): Promise<void> {
    const hits = refusedSsoLinksPerNetworkPerTenMinutes;
    const limit = { key: `sso:network:${ipPrefix(ip)}`, hits, windowMs: 10 * minuteMs };
    await this.rates.hit(this.scaled([limit]));
  }

  /**
   * Counts a use of an SSO link that is right: against its person, since many may come from one
   * network. Errors: `auth.too_many`.
   */
  async countSsoLink(userId: string): Promise<void> {
    const hits = ssoLinksPerPersonPerTenMinutes;
    await this.rates.hit(this.scaled([{ key: `sso:person:${userId}`, hits, windowMs: 10 * minuteMs }]));
  }

  /**
   * How many wrong codes may be tried for one address within a day before its codes get a cooldown.
   */
  get failureBudget(): number {
    return failureBudgetPerAddressPerDay * this.config.signInLimitFactor;
  }

  /**
   * The cooldown of a code, after it was made and after each attempt, once `failures` wrong codes
   * were tried for its address within a day. Milliseconds, 0 within the budget. Always well below
   * the life of a code, so a person who has the right one gets in, whatever another person does
   * meanwhile.
   */
  cooldownMs(failures: number): number {
    const over = failures - this.failureBudget + 1;
    return over <= 0 ? 0 : Math.min(over * cooldownPerFailureMs, maxCooldownMs);
  }

  private scaled(limits: RateLimit[]): RateLimit[] {
    return limits.map((limit) => ({ ...limit, hits: limit.hits * this.config.signInLimitFactor }));
  }
}

function hashText(hash: Buffer): string {
  return hash.toString('base64url');
}
