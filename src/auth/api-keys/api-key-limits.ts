import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { minuteMs } from '../../platform/durations.js';
import type { ApiKeyPrincipal, RequestAllowance } from '../../platform/security/api-key.js';
import { RateLimitsRepository } from '../../platform/security/rate-limits.repository.js';

/** Requests that this process may count by itself, until the minute is over. */
interface Lease {
  left: number;
  reserved: number;
  endsAt: number;
}

/** In how many parts a limit is reserved: smaller parts are fairer, larger ones cost less. */
const partsPerMinute = 20;

/**
 * Counts the requests of API keys. A request may cost less than a write, so a process reserves some
 * at a time. All processes together never pass more than the limit; where several act for one key,
 * what one has reserved and not used is refused to the others until the minute is over.
 */
@Injectable()
export class ApiKeyLimits {
  private readonly leases = new Map<string, Lease>();
  private readonly pending = new Map<string, Promise<void>>();

  constructor(
    private readonly repository: RateLimitsRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts one request, and answers what is left. */
  async count(key: ApiKeyPrincipal): Promise<RequestAllowance> {
    const { keyId, requestsPerMinute: limit } = key;
    for (;;) {
      const lease = this.leases.get(keyId);
      const now = this.clock.now().getTime();
      const isCurrent = lease !== undefined && lease.endsAt > now;
      if (isCurrent && (lease.left > 0 || lease.reserved >= limit)) return take(lease, limit, now);
      await this.renew(key);
    }
  }

  /** Requests that come at once wait for one reservation. */
  private renew(key: ApiKeyPrincipal): Promise<void> {
    const running =
      this.pending.get(key.keyId) ?? this.reserve(key).finally(() => this.pending.delete(key.keyId));
    this.pending.set(key.keyId, running);
    return running;
  }

  private async reserve({ keyId, requestsPerMinute }: ApiKeyPrincipal): Promise<void> {
    const { granted, reserved, endsAt } = await this.repository.leaseHits(
      { key: `api_key:${keyId}`, hits: requestsPerMinute, windowMs: minuteMs },
      Math.ceil(requestsPerMinute / partsPerMinute),
    );
    this.leases.set(keyId, { left: granted, reserved, endsAt: endsAt.getTime() });
  }
}

function take(lease: Lease, limit: number, now: number): RequestAllowance {
  const isAllowed = lease.left > 0;
  if (isAllowed) lease.left--;
  const remaining = Math.max(0, limit - lease.reserved) + lease.left;
  return { isAllowed, limit, remaining, resetsInMs: lease.endsAt - now };
}
