import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import { Database } from './database/database.js';
import { deleteInBatches } from './database/prune.js';
import { after } from './durations.js';
import { DomainError } from './errors.js';

/** At most `hits` in any window of `windowMs` that begins with a first hit. */
export interface Limit {
  key: string;
  hits: number;
  windowMs: number;
}

/** Counts in PostgreSQL, one upsert a hit: exact over any number of processes. */
@Injectable()
export class RateLimits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one hit against every limit.
   * Errors: `auth.too_many` with the seconds to wait, when any of them is exceeded.
   */
  async hit(limits: Limit[]): Promise<void> {
    const now = this.clock.now();
    const waits = await Promise.all(limits.map((limit) => this.count(limit, now)));
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) throw new DomainError('auth.too_many', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  /** Forgets counts whose window is over. */
  async prune(): Promise<void> {
    await deleteInBatches(this.database, 'platform.rate_limit', 'expires_at <= $1', [this.clock.now()]);
  }

  /** Milliseconds to wait, 0 when within the limit. */
  private async count(limit: Limit, now: Date): Promise<number> {
    const rows = await this.database.query<{ hits: number; expires_at: Date }>(
      `INSERT INTO platform.rate_limit AS r (key, hits, expires_at) VALUES ($1, 1, $3)
       ON CONFLICT (key) DO UPDATE SET
         hits = CASE WHEN r.expires_at <= $2 THEN 1 ELSE r.hits + 1 END,
         expires_at = CASE WHEN r.expires_at <= $2 THEN $3 ELSE r.expires_at END
       RETURNING hits, expires_at`,
      [limit.key, now, after(now, limit.windowMs)],
    );
    const row = rows[0];
    if (row === undefined || row.hits <= limit.hits) return 0;
    return row.expires_at.getTime() - now.getTime();
  }
}
