import { Injectable } from '@nestjs/common';
import type { AccountAccess } from '../../accounts/index.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';

/** What was published last of a person's access. */
export interface PublishedAccess extends AccountAccess {
  userId: string;
}

/** Stores what was published of the access of people. */
@Injectable()
export class PublishedAccessRepository {
  /** What was published of these people; none for those of whom nothing was. */
  async find(db: Queryable, userIds: readonly string[]): Promise<Map<string, PublishedAccess>> {
    const rows = await db.query<PublishedAccess>(
      `SELECT user_id AS "userId", active, source, until, tier, credit_until AS "creditUntil",
         changes_at AS "changesAt", revision::float8 AS revision
       FROM webhooks.published_access WHERE user_id = ANY ($1)`,
      [userIds],
    );
    return new Map(rows.map((row) => [row.userId, row]));
  }

  /** Whose access has changed by time alone until `now`, the first first, at most `limit`. */
  async findChangedByTime(db: Queryable, now: Date, limit: number): Promise<string[]> {
    const rows = await db.query<{ userId: string }>(
      `SELECT user_id AS "userId" FROM webhooks.published_access
       WHERE changes_at <= $1 ORDER BY changes_at LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ userId }) => userId);
  }

  /** Stores what is published now, and when it changes by time alone. */
  async save(tx: Tx, accesses: readonly PublishedAccess[]): Promise<void> {
    await tx.query(
      `INSERT INTO webhooks.published_access (user_id, active, source, until, tier, credit_until, revision, changes_at)
       SELECT "userId", active, source, until, tier, "creditUntil", revision, "changesAt"
       FROM jsonb_to_recordset($1::jsonb) AS a ("userId" uuid, active boolean, source text, until timestamptz,
         tier text, "creditUntil" timestamptz, revision bigint, "changesAt" timestamptz)
       ON CONFLICT (user_id) DO UPDATE SET active = excluded.active, source = excluded.source,
         until = excluded.until, tier = excluded.tier, credit_until = excluded.credit_until,
         revision = excluded.revision, changes_at = excluded.changes_at`,
      [JSON.stringify(accesses)],
    );
  }

  /** Deletes what is stored of erased people. */
  async delete(tx: Tx, userIds: readonly string[]): Promise<void> {
    await tx.query(`DELETE FROM webhooks.published_access WHERE user_id = ANY ($1)`, [userIds]);
  }
}
