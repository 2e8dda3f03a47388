import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';

/** What is compared with Stripe: its events, or its objects. */
export type Compared = 'events' | 'objects';

/** How far Stripe was compared with us, without a gap. */
@Injectable()
export class ReconcileCursors {
  constructor(private readonly database: Database) {}

  /** Null: it never was. */
  async read(what: Compared): Promise<Date | null> {
    const rows = await this.database.query<{ reached_at: Date }>(
      `SELECT reached_at FROM billing.reconcile_cursor WHERE what = $1`,
      [what],
    );
    return rows[0]?.reached_at ?? null;
  }

  /**
   * Notes that everything before `reachedAt` was compared. Only for whoever began where a cursor was, or before it.
   * Again, or from two at once: the farthest stays.
   */
  async advance(tx: Tx, what: Compared, reachedAt: Date): Promise<void> {
    await tx.query(
      `INSERT INTO billing.reconcile_cursor AS c (what, reached_at) VALUES ($1, $2)
       ON CONFLICT (what) DO UPDATE SET reached_at = GREATEST(c.reached_at, excluded.reached_at)`,
      [what, reachedAt],
    );
  }
}
