import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { deleteInBatches } from '../platform/database/batched-delete.js';
import { addMs, dayMs } from '../platform/durations.js';
import { RateLimits } from '../platform/security/rate-limits.js';
import { Idempotency } from '../platform/http/idempotency.js';

/** More than the longest session (400 days): a device in daily use is never forgotten, and never strange. */
const knownDeviceDays = 500;

/** Forgets what has run out. */
@Injectable()
export class AuthRetention {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly limits: RateLimits,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes ended sessions, codes of which the failure budget (24 hours) no longer asks, old answers to keys, and devices
   * on which no user signed in for 500 days.
   */
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.idempotency.purgeExpired();
    await deleteInBatches(this.database, 'auth.session', 'expires_at <= $1', [now]);
    await deleteInBatches(this.database, 'auth.challenge', 'expires_at <= $1', [addMs(now, -2 * dayMs)]);
    await deleteInBatches(this.database, 'auth.known_device', 'last_sign_in_at <= $1', [
      addMs(now, -knownDeviceDays * dayMs),
    ]);
    await this.limits.purgeExpired();
  }
}
