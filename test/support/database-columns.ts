import type pg from 'pg';

/** A column of the database that could hold something of a person. */
export interface Column {
  /** Schema, table and column, as `auth.user.email`. */
  name: string;
  table: string;
  column: string;
}

/** Types that hold no name of anybody: moments, numbers, yes or no. */
const impersonalTypes = `('timestamptz', 'date', 'int2', 'int4', 'int8', 'float8', 'numeric', 'bool', 'interval')`;

/**
 * Every column of every table that could hold a name, a word, a token or an id, from PostgreSQL's
 * system catalog.
 */
export async function listTextColumns(sql: pg.Pool): Promise<Column[]> {
  const { rows } = await sql.query<Column>(
    `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name,
       format('%I.%I', n.nspname, c.relname) AS "table", format('%I', a.attname) AS "column"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND t.typname NOT IN ${impersonalTypes} AND t.typtype <> 'e'
     ORDER BY 1`,
  );
  return rows;
}

/**
 * How many rows of a column hold one of `needles`, whatever their case; bytes are checked as hex.
 */
export async function countRowsContaining(
  sql: pg.Pool,
  column: Column,
  texts: readonly string[],
): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${column.table} t
     WHERE EXISTS (SELECT FROM unnest($1::text[]) needle WHERE strpos(lower(t.${column.column}::text), lower(needle)) > 0)`,
    [texts],
  );
  return rows[0]?.n ?? 0;
}
