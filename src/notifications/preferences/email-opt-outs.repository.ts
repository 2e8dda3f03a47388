import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';

/** Which kinds of email people do without. */
@Injectable()
export class EmailOptOutsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The kinds that `userId` does without. */
  async findKinds(userId: string): Promise<string[]> {
    const rows = await this.database.lookups.query<{ kind: string }>(
      `SELECT kind FROM notifications.email_opt_out WHERE user_id = $1`,
      [userId],
    );
    return rows.map(({ kind }) => kind);
  }

  /** The same with times, as the person gets it. */
  exportUser(userId: string): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `SELECT kind, opted_out_at FROM notifications.email_opt_out WHERE user_id = $1 ORDER BY kind`,
      [userId],
    );
  }

  /** Idempotent. */
  async insert(tx: Tx, userId: string, kind: string): Promise<void> {
    await tx.query(
      `INSERT INTO notifications.email_opt_out (user_id, kind, opted_out_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [userId, kind, this.clock.now()],
    );
  }

  /** Idempotent. */
  async delete(tx: Tx, userId: string, kind: string): Promise<void> {
    await tx.query(`DELETE FROM notifications.email_opt_out WHERE user_id = $1 AND kind = $2`, [
      userId,
      kind,
    ]);
  }

  /** Deletes all that `userId` chose. */
  async deleteByUser(tx: Tx, userId: string): Promise<void> {
    await tx.query(`DELETE FROM notifications.email_opt_out WHERE user_id = $1`, [userId]);
  }
}
