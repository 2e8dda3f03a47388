import type { Queryable } from '../platform/database/tx.js';

/** The lines that grant, turn or move the same days as `entryId` does, in whichever account they are. */
export function rewardLinesOf(db: Queryable, entryId: string): Promise<{ id: string; userId: string }[]> {
  return db.query(
    `SELECT e.id, e.user_id AS "userId" FROM credit.entry one
     JOIN credit.entry root ON root.id = coalesce(one.root_id, one.id)
     JOIN credit.entry e ON e.id = root.id OR e.root_id = root.id
       OR (e.conversion_id = root.conversion_id AND e.side = root.side)
     WHERE one.id = $1`,
    [entryId],
  );
}
