import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import { Batches } from './database/batches.js';
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

/** Counts in PostgreSQL, each hit once: exact over any number of processes. */
@Injectable()
export class RateLimits {
  private readonly hits = new Batches((limits: Limit[]) => this.count(limits));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one hit against every limit.
   * Errors: `auth.too_many` with the seconds to wait, when any of them is exceeded.
   */
  async hit(limits: Limit[]): Promise<void> {
    const waits = await Promise.all(limits.map((limit) => this.hits.add(limit)));
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) throw new DomainError('auth.too_many', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  /** Forgets counts whose window is over. */
  async prune(): Promise<void> {
    await deleteInBatches(this.database, 'platform.rate_limit', 'expires_at <= $1', [this.clock.now()]);
  }

  /**
   * Counts a hit for each of these, in one statement: many come from one network, and one at a time each would wait until
   * the one before it is on disk. Sorted, so that no two processes wait for each other. Answers milliseconds to wait for
   * each, 0 when within the limit.
   */
  private async count(limits: Limit[]): Promise<number[]> {
    const now = this.clock.now();
    const byKey = Map.groupBy(limits, ({ key }) => key);
    const counts = [...byKey].map(([key, same]) => ({
      key,
      hits: same.length,
      expires_at: after(now, same[0]?.windowMs ?? 0), // a key has one window
    }));
    const rows = await this.database.query<{ key: string; hits: number; expires_at: Date }>(countHits, [
      JSON.stringify(counts),
      now,
    ]);
    const counted = new Map(rows.map((row) => [row.key, row]));
    return limits.map((limit) => {
      const row = counted.get(limit.key);
      const hit = row === undefined ? 0 : row.hits - (byKey.get(limit.key)?.length ?? 0) + 1;
      byKey.get(limit.key)?.pop(); // the next one with this key came after this one
      return row === undefined || hit <= limit.hits ? 0 : row.expires_at.getTime() - now.getTime();
    });
  }
}

const countHits = `
  INSERT INTO platform.rate_limit AS r (key, hits, expires_at)
  SELECT key, hits, expires_at FROM json_to_recordset($1::json) AS new(key text, hits integer, expires_at timestamptz) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN r.expires_at <= $2 THEN excluded.hits ELSE r.hits + excluded.hits END,
    expires_at = CASE WHEN r.expires_at <= $2 THEN excluded.expires_at ELSE r.expires_at END
  RETURNING key, hits, expires_at`;
