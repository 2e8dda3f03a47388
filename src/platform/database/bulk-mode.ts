import type { Database } from './database.js';
import type { Tx } from './tx.js';

/**
 * Prepares a transaction that fills tables with very many rows. PostgreSQL chooses plans by the
 * size that a table has when a statement is planned, keeps them, and gathers no statistics before
 * the commit. A plan for an almost empty table reads all of it, and would do so again for every
 * batch while the table grows. So from here on no statement reads a whole table where an index
 * serves, plans from before are dropped, and no statement has a time limit. Ends with the
 * transaction.
 */
export async function enableBulkMode(tx: Tx): Promise<void> {
  await tx.query(
    `SET LOCAL statement_timeout = 0; SET LOCAL enable_seqscan = off; SET LOCAL jit = off; DISCARD PLANS`,
  );
}

/**
 * Reads one page of many. Without statistics PostgreSQL expects the rows behind a key to lie
 * anywhere in the table, so that it would read and sort the whole table for each page. `sql` is not
 * used anywhere else, so no other plan of it is kept.
 */
export function readPageByIndex<Row>(database: Database, sql: string, parameters: unknown[]): Promise<Row[]> {
  return database.transaction(async (tx) => {
    await tx.query(`SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off`);
    return tx.query(sql, parameters);
  });
}
