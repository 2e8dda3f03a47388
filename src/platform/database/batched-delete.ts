import type { Database } from './database.js';

const rowsPerTransaction = 2_000;
const rowsPerRead = 100_000;

/**
 * Deletes the rows of `table` that `condition` (with `parameters`) names, in transactions of some
 * thousand, so that none holds locks for long or fills the log at once. They are read once, not
 * once for each transaction: what is deleted stays in the way of a read until a vacuum takes it. A
 * row that another transaction holds is left for the next time. Again, or from several processes at
 * once: each row goes once. Answers how many went.
 */
export async function deleteInBatches(
  database: Database,
  table: string,
  condition: string,
  parameters: unknown[],
): Promise<number> {
  for (let total = 0; ;) {
    const found = await database.query<{ place: string }>(
      `SELECT ctid::text AS place FROM ${table} WHERE ${condition} LIMIT ${rowsPerRead}`,
      parameters,
    );
    let deleted = 0;
    for (let from = 0; from < found.length; from += rowsPerTransaction) {
      const places = found.slice(from, from + rowsPerTransaction).map(({ place }) => place);
      deleted += await deleteAt(database, { table, condition, parameters, places });
    }
    total += deleted;
    if (deleted === 0 || found.length < rowsPerRead) return total;
  }
}

/** Deletes the rows at these places that are still to go: another row may stand there by now. */
function deleteAt(
  database: Database,
  target: { table: string; condition: string; parameters: unknown[]; places: string[] },
): Promise<number> {
  const { table, condition, parameters, places } = target;
  return database.transaction(async (tx) => {
    const [, rows]: [unknown[], number] = await tx.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
         SELECT ctid FROM ${table} WHERE ctid = ANY ($${parameters.length + 1}::tid[]) AND ${condition} FOR UPDATE SKIP LOCKED))`,
      [...parameters, places],
    );
    return rows;
  });
}

/**
 * Runs a bare UPDATE or DELETE, each time in a transaction of its own, until it finds nothing to
 * do. Answers how many rows it found.
 */
export async function runInBatches(database: Database, sql: string, parameters: unknown[]): Promise<number> {
  for (let total = 0; ;) {
    const changed = await database.transaction(async (tx) => {
      const [, rows]: [unknown[], number] = await tx.query(sql, parameters);
      return rows;
    });
    if (changed === 0) return total;
    total += changed;
  }
}
