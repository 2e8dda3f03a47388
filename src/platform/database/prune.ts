import type { Database } from './database.js';

const rowsAtOnce = 2_000;

/**
 * Deletes the rows of `table` that `condition` (with `parameters`) names, in transactions of some thousand, so that none
 * holds locks for long or fills the log at once. A row that somebody else holds is left for the next time.
 * Again, or from several processes at once: each row goes once. Answers how many went.
 */
export async function deleteInBatches(
  database: Database,
  table: string,
  condition: string,
  parameters: unknown[],
): Promise<number> {
  return inBatches(
    database,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
       SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED))`,
    parameters,
  );
}

/** Runs a bare UPDATE or DELETE, each time in a transaction of its own, until it finds nothing to do. Answers how many rows it found. */
export async function inBatches(database: Database, sql: string, parameters: unknown[]): Promise<number> {
  for (let total = 0; ;) {
    const changed = await database.transaction(async (tx) => {
      const [, rows]: [unknown[], number] = await tx.query(sql, parameters);
      return rows;
    });
    if (changed === 0) return total;
    total += changed;
  }
}
