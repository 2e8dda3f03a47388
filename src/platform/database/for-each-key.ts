/**
 * The statement that does `select`, which finds one row at most, for every key of `$1` (a JSON list): in it the key is
 * `asked.key`, of the SQL type `type`, and it is answered with each row as "askedFor".
 * Planned once: of an array PostgreSQL counts the elements, and for few of them it plans anew each time, which takes longer
 * than finding the rows; and for several at once it may think of reading the whole table.
 */
export function forEachKey(type: 'uuid' | 'text', select: string): string {
  return `SELECT asked.key AS "askedFor", found.*
    FROM (SELECT value::${type} AS key FROM json_array_elements_text($1::json)) AS asked
    CROSS JOIN LATERAL (${select} LIMIT 1) AS found`;
}
