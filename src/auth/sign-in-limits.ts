import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config.js';
import { hourMs, minuteMs, secondMs } from '../platform/durations.js';
import { RateLimits } from '../platform/rate-limits.js';
import { Secrets } from '../platform/secrets.js';
import { CONFIG } from '../platform/tokens.js';
import { networkOf } from './network.js';

/** Codes that may be open for one address at the same time. Not multiplied: it bounds the guesses against it. */
export const openCodesPerAddress = 5;
const codesPerAddressAndHour = 10;
const codesPerNetworkAndHour = 100;
const triesPerNetworkAndTenMinutes = 60;
const freeFailuresPerAddressAndDay = 25;
const delayPerFailureMs = 10 * secondMs;
const longestDelayMs = 4 * minuteMs;

/** How often one may ask for codes and try them. Where the numbers come from: docs/decisions/sign-in-limits.md. */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly rates: RateLimits,
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Counts a request for a code. Errors: `auth.too_many`; a database out of reach refuses, too. */
  async countRequest(email: string, ip: string): Promise<void> {
    const address = this.secrets.hash('email', email).toString('base64url');
    await this.rates.hit([
      { key: `code:address:${address}`, hits: this.times(codesPerAddressAndHour), windowMs: hourMs },
      { key: `code:network:${networkOf(ip)}`, hits: this.times(codesPerNetworkAndHour), windowMs: hourMs },
    ]);
  }

  /** Counts a try of a code. Errors: as {@link countRequest}. */
  async countTry(ip: string): Promise<void> {
    const hits = this.times(triesPerNetworkAndTenMinutes);
    await this.rates.hit([{ key: `try:network:${networkOf(ip)}`, hits, windowMs: 10 * minuteMs }]);
  }

  /** So many wrong codes may be tried for one address within a day before its codes have to rest. */
  get freeFailures(): number {
    return this.times(freeFailuresPerAddressAndDay);
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

  private times(limit: number): number {
    return limit * this.config.signInLimitFactor;
  }
}
