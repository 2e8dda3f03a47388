import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config.js';
import { hourMs, minuteMs, secondMs } from '../platform/durations.js';
import { mailboxOf, type EmailAddress } from '../platform/email-address.js';
import { RateLimits, type Limit } from '../platform/rate-limits.js';
import { Secrets } from '../platform/secrets.js';
import { CONFIG } from '../platform/tokens.js';
import { networkOf } from './network.js';

/** Codes that may be open for one address, for strangers together and for each device that has proven it. Not multiplied:
 * it bounds the guesses against the address. */
export const openCodesPerAddress = 5;
const codesPerMailboxAndHour = 10;
const codesPerNetworkAndHour = 100;
/** For all devices together that have proven an address of a mailbox. */
const codesPerProvenMailboxAndHour = 30;
const triesPerNetworkAndTenMinutes = 60;
const freeFailuresPerAddressAndDay = 25;
const delayPerFailureMs = 10 * secondMs;
const longestDelayMs = 4 * minuteMs;

/**
 * How often one may ask for codes and try them. What a device does that has proven the address before counts against its own
 * allowance only, so strangers cannot use it up. Where the numbers come from: docs/decisions/sign-in-limits.md.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly rates: RateLimits,
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Runs `work`, which sends a code to `email`, as one request. All spellings of a mailbox share its limit. `device`: the
   * keyed hash of a device that has proven the address; strangers use none of its limits up. Errors: `auth.too_many`; a database out of reach refuses, too.
   */
  request<T>(
    { email, ip, device }: { email: EmailAddress; ip: string; device: Buffer | null },
    work: () => Promise<T>,
  ): Promise<T> {
    const mailbox = textOf(this.secrets.hash('email', mailboxOf(email)));
    const perHour = (key: string, hits: number): Limit => ({ key: `code:${key}`, hits, windowMs: hourMs });
    const limits =
      device === null
        ? [
            perHour(`address:${mailbox}`, codesPerMailboxAndHour),
            perHour(`network:${networkOf(ip)}`, codesPerNetworkAndHour),
          ]
        : [
            perHour(`address:${mailbox}:${textOf(device)}`, codesPerMailboxAndHour),
            perHour(`proven:${mailbox}`, codesPerProvenMailboxAndHour),
            perHour(`proven-network:${networkOf(ip)}`, codesPerNetworkAndHour),
          ];
    return this.rates.within(this.times(limits), work);
  }

  /** Runs `work`, which tries a code that `device` asked for, as one try. Errors: as {@link request}. */
  try<T>({ ip, device }: { ip: string; device: Buffer | null }, work: () => Promise<T>): Promise<T> {
    const key = device === null ? `try:network:${networkOf(ip)}` : `try:device:${textOf(device)}`;
    const limit = { key, hits: triesPerNetworkAndTenMinutes, windowMs: 10 * minuteMs };
    return this.rates.within(this.times([limit]), work);
  }

  /** So many wrong codes may be tried for one address within a day before its codes have to rest. */
  get freeFailures(): number {
    return freeFailuresPerAddressAndDay * this.config.signInLimitFactor;
  }

  /**
   * How long a code rests, after it was made and after each try, once `failures` wrong codes were tried for its
   * address within a day. Milliseconds, 0 within the budget. Always well below the life of a code, so whoever
   * has the right one gets in, whatever somebody else does meanwhile.
   */
  restMs(failures: number): number {
    const over = failures - this.freeFailures + 1;
    return over <= 0 ? 0 : Math.min(over * delayPerFailureMs, longestDelayMs);
  }

  private times(limits: Limit[]): Limit[] {
    return limits.map((limit) => ({ ...limit, hits: limit.hits * this.config.signInLimitFactor }));
  }
}

function textOf(hash: Buffer): string {
  return hash.toString('base64url');
}
