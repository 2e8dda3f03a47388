import type { PoolClient } from 'pg';

/** One condition; a `$` at its end stands for the value. Written in code, never from input. */
export interface Filter {
  sql: string;
  value?: string | number | boolean | string[];
}

/** Which page of a list: conditions, how many (1–100), and behind (`startingAfter`) or before (`endingBefore`) which id. */
export interface ListQuery {
  filters: Filter[];
  limit: number;
  startingAfter?: string | undefined;
  endingBefore?: string | undefined;
}

/** Objects newest first, and whether more lie beyond in the direction of reading. */
export interface Page<T> {
  data: T[];
  hasMore: boolean;
}

/** Reads one page of a table with `id`, `seq` and `data`, newest first as Stripe lists. */
export async function readPage<T>(
  client: PoolClient,
  table: 'sandbox.object' | 'sandbox.event',
  query: ListQuery,
): Promise<Page<T>> {
  const values: unknown[] = [];
  const conditions = query.filters.map(({ sql, value }) => {
    if (value === undefined) return sql;
    values.push(value);
    return sql.replace('$', `$${values.length}`);
  });
  const isBackwards = query.endingBefore !== undefined;
  const cursor = query.endingBefore ?? query.startingAfter;
  if (cursor !== undefined) {
    values.push(cursor);
    conditions.push(`seq ${isBackwards ? '>' : '<'} (SELECT seq FROM ${table} WHERE id = $${values.length})`);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const { rows } = await client.query<{ data: T }>(
    `SELECT data FROM ${table} ${where} ORDER BY seq ${isBackwards ? 'ASC' : 'DESC'} LIMIT ${query.limit + 1}`,
    values,
  );
  const data = rows.slice(0, query.limit).map((row) => row.data);
  return { data: isBackwards ? data.reverse() : data, hasMore: rows.length > query.limit };
}
