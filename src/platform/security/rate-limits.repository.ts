import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/tx.js';
import { addMs } from '../durations.js';

/** At most `hits` in any window of `windowMs` that begins with a first hit. */
export interface RateLimit {
  key: string;
  hits: number;
  windowMs: number;
}

/** Hits that one process may count by itself, until the window ends. */
export interface HitLease {
  granted: number;
  reserved: number;
  endsAt: Date;
}

/** The counts of rate limits. */
@Injectable()
export class RateLimitsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts these in one statement: many come from one network, and one at a time each would wait
   * until the one before it is on disk. Answers milliseconds to wait for each, 0 when it was
   * counted.
   */
  async countHits(requests: RateLimit[][], db: Queryable = this.database): Promise<number[]> {
    const payload = requests.map((limits) =>
      limits.map(({ key, hits, windowMs }) => ({ key, hits, window_ms: windowMs })),
    );
    const rows = await db.query<{ wait_ms: number }>(
      `SELECT wait_ms FROM platform.count_hits($1, $2) ORDER BY ordinal`,
      [JSON.stringify(payload), this.clock.now()],
    );
    return rows.map((row) => row.wait_ms);
  }

  /** Counts a hit in the window of a key, and answers how many it has with this one. */
  async countHit(tx: Tx, { key, windowMs }: Pick<RateLimit, 'key' | 'windowMs'>): Promise<number> {
    const now = this.clock.now();
    const [row]: { hits: number }[] = await tx.query(
      `INSERT INTO platform.rate_limit AS r (key, hits, expires_at) VALUES ($1, 1, $3)
       ON CONFLICT (key) DO UPDATE SET
         hits = CASE WHEN r.expires_at <= $2 THEN 1 ELSE r.hits + 1 END,
         expires_at = CASE WHEN r.expires_at <= $2 THEN $3 ELSE r.expires_at END
       RETURNING hits`,
      [key, now, addMs(now, windowMs)],
    );
    if (row === undefined) throw new Error('An upsert answers one row');
    return row.hits;
  }

  /**
   * Reserves up to `asked` hits of a limit, for a process that then counts by itself. Answers how
   * many it got, how many are reserved in all, and when the window ends.
   */
  async leaseHits({ key, hits, windowMs }: RateLimit, asked: number): Promise<HitLease> {
    const [row] = await this.database.query<HitLease>(
      `SELECT granted, reserved, ends_at AS "endsAt" FROM platform.lease_hits($1, $2, $3, $4, $5)`,
      [key, asked, hits, windowMs, this.clock.now()],
    );
    if (row === undefined) throw new Error('lease_hits answers one row');
    return row;
  }

  /** Takes one hit back from every limit whose window is not over. */
  async returnHits(limits: RateLimit[]): Promise<void> {
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
