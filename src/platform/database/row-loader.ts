import DataLoader from 'dataloader';
import { afterCurrentTurn } from '../event-loop.js';
import type { Queryable } from './tx.js';

/** Answers what was found for each of `keys`; those that are missing in it were not found. */
export type LoadRows<Found> = (keys: string[]) => Promise<Map<string, Found>>;

/**
 * Looks up rows by key, with one statement for all requests of one turn of the event loop. Nothing
 * is cached: every request sees what was committed before it came. `load` answers what there is for
 * a key, or null.
 */
export class RowLoader<Found> extends DataLoader<string, Found | null> {
  constructor(loadRows: LoadRows<Found>) {
    super(
      async (keys) => {
        const found = await loadRows([...new Set(keys)]);
        return keys.map((key) => found.get(key) ?? null);
      },
      { cache: false, batchScheduleFn: afterCurrentTurn },
    );
  }
}

/**
 * As {@link RowLoader}, for keys with any number of rows: `load` answers those that `sql`, a
 * {@link lateralList}, finds for a key, in the order that it gives. `parameters` are `$2` and later
 * of it.
 */
export class ListLoader<Row extends object> extends DataLoader<string, Row[]> {
  constructor(db: () => Queryable, sql: string, parameters: () => unknown[] = () => []) {
    super(
      async (keys) => {
        const lists = new Map<string, Row[]>(keys.map((key) => [key, []]));
        const rows = await db().query<{ askedFor: string }>(sql, [
          JSON.stringify([...lists.keys()]),
          ...parameters(),
        ]);
        for (const { askedFor, ...row } of rows) lists.get(askedFor)?.push(row as Row);
        return keys.map((key) => lists.get(key) ?? []);
      },
      { cache: false, batchScheduleFn: afterCurrentTurn },
    );
  }
}

/**
 * The statement that does `select`, which finds one row at most, for every key of `$1` (a JSON
 * list): in it the key is `asked.key`, of the SQL type `type`, and it is answered with each row as
 * "askedFor". Planned once: an array parameter would be planned again for each call, which takes
 * longer than finding the rows, and for several keys the plan may read the whole table.
 */
export function lateralLookup(type: 'uuid' | 'text', select: string): string {
  return `SELECT asked.key AS "askedFor", found.*
    FROM (SELECT value::${type} AS key FROM json_array_elements_text($1::json)) AS asked
    CROSS JOIN LATERAL (${select} LIMIT 1) AS found`;
}

/**
 * As {@link lateralLookup}, for a `select` that finds any number of rows. OFFSET keeps each key's
 * rows together in their order, and the planner from reading those of everybody.
 */
export function lateralList(type: 'uuid' | 'text', select: string): string {
  return `SELECT asked.key AS "askedFor", found.*
    FROM (SELECT value::${type} AS key FROM json_array_elements_text($1::json)) AS asked
    CROSS JOIN LATERAL (${select} OFFSET 0) AS found`;
}
