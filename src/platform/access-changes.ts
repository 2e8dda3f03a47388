import { insertBeforeCommit, type Tx } from './database/tx.js';

/**
 * Notes that the access of these accounts may have changed, just before the transaction commits.
 * What their access is then is published to other products after the commit.
 */
export function recordAccessChange(tx: Tx, userIds: readonly string[]): void {
  for (const userId of userIds) insertBeforeCommit(tx, insertChanges, userId);
}

/**
 * Takes the oldest changes that are noted, at most `limit`. Answers whose access they concern now:
 * the current accounts, each once.
 */
export async function takeAccessChanges(tx: Tx, limit: number): Promise<string[]> {
  const rows: { userId: string }[] = await tx.query(
    `WITH taken AS (
       DELETE FROM platform.access_change WHERE id = ANY (ARRAY (
         SELECT id FROM platform.access_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING user_id
     ) SELECT DISTINCT platform.current_account_of(user_id) AS "userId" FROM taken`,
    [limit],
  );
  return rows.map(({ userId }) => userId);
}

const insertChanges = (userIds: readonly string[]) => ({
  sql: `INSERT INTO platform.access_change (user_id) SELECT unnest($1::uuid[])`,
  parameters: [[...new Set(userIds)]],
});
