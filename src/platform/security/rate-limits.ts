import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { MicroBatcher } from '../database/micro-batcher.js';
import { Database } from '../database/database.js';
import { deleteInBatches } from '../database/batched-delete.js';
import { DomainError } from '../errors.js';

/** At most `hits` in any window of `windowMs` that begins with a first hit. */
export interface RateLimit {
  key: string;
  hits: number;
  windowMs: number;
}

/** Counts in PostgreSQL, each hit once: exact over any number of processes. */
@Injectable()
export class RateLimits {
  private readonly batcher = new MicroBatcher((requests: RateLimit[][]) => this.countHits(requests));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one hit against every limit, or, when any of them is used up, against none.
   * Errors: `auth.too_many` with the seconds to wait.
   */
  async hit(limits: RateLimit[]): Promise<void> {
    const waitMs = await this.batcher.submit(limits);
    if (waitMs > 0) throw new DomainError('auth.too_many', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  /**
   * Runs `work` as one hit against every limit. The hit is returned when `work` itself is refused with `auth.too_many`:
   * what is refused uses nothing up. Errors: `auth.too_many`; those of the work.
   */
  async runLimited<T>(limits: RateLimit[], work: () => Promise<T>): Promise<T> {
    await this.hit(limits);
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError && error.code === 'auth.too_many') await this.returnHits(limits);
      throw error;
    }
  }

  /** Forgets counts whose window is over. */
  async purgeExpired(): Promise<void> {
    await deleteInBatches(this.database, 'platform.rate_limit', 'expires_at <= $1', [this.clock.now()]);
  }

  /**
   * Counts these in one statement: many come from one network, and one at a time each would wait until the one before it is
   * on disk. Answers milliseconds to wait for each, 0 when it was counted.
   */
  private async countHits(requests: RateLimit[][]): Promise<number[]> {
    const payload = requests.map((limits) =>
      limits.map(({ key, hits, windowMs }) => ({ key, hits, window_ms: windowMs })),
    );
    const rows = await this.database.query<{ wait_ms: number }>(
      `SELECT wait_ms FROM platform.count_hits($1, $2) ORDER BY ordinal`,
      [JSON.stringify(payload), this.clock.now()],
    );
    return rows.map((row) => row.wait_ms);
  }

  private async returnHits(limits: RateLimit[]): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `WITH held AS (SELECT key FROM platform.rate_limit WHERE key = ANY($1) ORDER BY key FOR UPDATE)
         UPDATE platform.rate_limit r SET hits = r.hits - 1 FROM held
         WHERE r.key = held.key AND r.hits > 0 AND r.expires_at > $2`,
        [limits.map(({ key }) => key), this.clock.now()],
      ),
    );
  }
}
