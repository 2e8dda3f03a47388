import DataLoader from 'dataloader';
import { afterCurrentTurn } from '../event-loop.js';

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
