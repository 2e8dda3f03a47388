import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { after, dayMs } from '../platform/durations.js';
import { RateLimits } from '../platform/rate-limits.js';
import { Idempotency } from '../platform/http/idempotency.js';

/** Forgets what has run out. */
@Injectable()
export class Retention {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** Deletes ended sessions, codes of which the failure budget (24 hours) no longer asks, and old answers to keys. */
  async prune(tx: Tx): Promise<void> {
    const now = this.clock.now();
    await this.idempotency.prune(tx);
    await tx.query(`DELETE FROM auth.session WHERE expires_at <= $1`, [now]);
    await tx.query(`DELETE FROM auth.challenge WHERE expires_at <= $1`, [after(now, -2 * dayMs)]);
    await this.limits.prune(tx);
  }
}
