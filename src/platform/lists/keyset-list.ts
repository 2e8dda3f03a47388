import type { Database } from '../database/database.js';
import { enqueueWrite, type Tx } from '../database/tx.js';
import type { Page } from '../http/page.dto.js';
import { addDays, startOfLocalDate } from '../local-dates.js';
import { decodePosition, encodePosition, type ListPosition, type ListRequest } from './list-request.js';

/**
 * A filter in SQL, or one for each value that it may have. `$value` stands for the value, `$now`
 * for the time of the clock; of a day, `$day` for when it begins, `$nextDay` for when it is over.
 */
export type FilterSql = string | Readonly<Record<string, string>>;

interface SortColumns {
  at: string | null;
  id: string;
}

/** How a list is read. All of it is text of the code: values are parameters. */
export interface ListSql {
  /** What a row consists of. */
  columns: string;
  /** Where rows come from, after FROM. */
  rows: string;
  /**
   * Where the `id` of each row of a page is found first, where that takes fewer joins than the
   * rows; filters and sorts must work here, too.
   */
  keys?: string;
  /** Where they are counted; the filters must work here, too. */
  counted: string;
  /**
   * Few parts that rows are of, after FROM, and which are of one: for an index that finds the rows
   * of one part in the order of the list, but not those of all.
   */
  parts?: { of: string; own: string };
  filters: Readonly<Record<string, FilterSql>>;
  /**
   * The columns of a time and of an id, of one table, so that one index finds both; no time where
   * the ids rise with it.
   */
  sorts: Readonly<Record<string, SortColumns>>;
  idPattern: RegExp;
}

/**
 * A page in the order of the list. `previous` and `next` are null where there is no further page.
 */
export interface ListRows<Row> {
  rows: Row[];
  previous: string | null;
  next: string | null;
}

/** Which page of a list to read, and when: `now` is the time of the clock. */
export interface ListReading {
  request: ListRequest;
  limit: number;
  now: Date;
}

/** Where a row stands in its list, as it was read. */
export interface ListPositionColumns {
  position_at: string;
  position_id: string;
}

/** The filters `from` and `until` of a time: days, the last one included. */
export function daysSql(at: string): Record<'from' | 'until', FilterSql> {
  return { from: `${at} >= $day`, until: `${at} < $nextDay` };
}

/** The parts of a statement that a request asks for, and their parameters. */
export interface ListConditions {
  where: string;
  order: string;
  position: string;
  parameters: unknown[];
}

/** Adds a parameter, and answers how the statement names it. */
type AddParameter = (value: unknown) => string;

function filterConditions(
  filters: ListSql['filters'],
  { request, now }: Pick<ListReading, 'now'> & { request: Pick<ListRequest, 'filters' | 'timeZone'> },
  add: AddParameter,
): string[] {
  const startOf = (date: string) => add(startOfLocalDate(date, request.timeZone ?? 'UTC'));
  return Object.entries(request.filters).flatMap(([name, value]) => {
    const filter = filters[name];
    const condition = typeof filter === 'string' ? filter : filter?.[value];
    if (condition === undefined) return [];
    return condition
      .replaceAll('$value', () => add(value))
      .replaceAll('$nextDay', () => startOf(addDays(value, 1)))
      .replaceAll('$day', () => startOf(value))
      .replaceAll('$now', () => add(now));
  });
}

/** What stands in the statement of a page. */
export function listConditions(sql: ListSql, { request, now }: ListReading): ListConditions {
  const columns = sortOf(sql, request);
  const { at, id } = columns;
  const parameters: unknown[] = [];
  const add = (value: unknown) => `$${parameters.push(value)}`;
  const conditions = filterConditions(sql.filters, { request, now }, add);
  const isDown = isReadDown(request);
  if (request.cursor !== null) {
    const position = decodePosition(request.cursor.key, sql.idPattern);
    conditions.push(...positionConditions(columns, isDown ? '<' : '>', position, add));
  }
  const direction = isDown ? 'DESC' : 'ASC';
  const micros = at === null ? '0' : `(extract(epoch FROM ${at}) * 1000000)::bigint`;
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    order: `ORDER BY ${at === null ? '' : `${at} ${direction}, `}${id} ${direction}`,
    position: `${micros}::text AS position_at, ${id}::text AS position_id`,
    parameters,
  };
}

/**
 * What lies behind a position. The time is compared twice: an index can end a scan by the first
 * condition, also where it holds the time alone.
 */
function positionConditions(
  { at, id }: SortColumns,
  operator: '<' | '>',
  position: ListPosition,
  add: AddParameter,
): string[] {
  if (at === null) return [`${id} ${operator} ${add(position.id)}`];
  const time = `(timestamptz 'epoch' + ${add(position.micros)}::bigint * interval '1 microsecond')`;
  return [`${at} ${operator}= ${time}`, `(${at}, ${id}) ${operator} (${time}, ${add(position.id)})`];
}

function sortOf(sql: ListSql, { sort }: ListRequest): SortColumns {
  const columns = sql.sorts[sort];
  if (columns === undefined) throw new Error(`The list has no sort ${sort}`);
  return columns;
}

/**
 * Whether rows are read from the latest time down: a page before another one is read upside down.
 */
function isReadDown({ isAscending, cursor }: ListRequest): boolean {
  return isAscending === (cursor?.isBackwards ?? false);
}

/** One page of a list. Errors: `request.invalid` for a foreign cursor. */
export function readList<Row>(
  database: Database,
  sql: ListSql,
  reading: ListReading,
): Promise<ListRows<Row>> {
  const conditions = listConditions(sql, reading);
  const { order, position, parameters } = conditions;
  const select = `SELECT ${sql.columns}, ${position} FROM`;
  // each row is looked up by its id: without statistics a join could read all of them
  const statement =
    sql.keys === undefined
      ? `${select} ${pageSql(sql, sql.rows, conditions, reading.limit)}`
      : `${select} (SELECT id AS key FROM ${pageSql(sql, sql.keys, conditions, reading.limit)}) page
         CROSS JOIN LATERAL (SELECT * FROM ${sql.rows} WHERE id = page.key LIMIT 1) found ${order}`;
  return planned(database, async (tx) =>
    toListRows(await tx.query<(Row & ListPositionColumns)[]>(statement, parameters), reading),
  );
}

/** The rows of a page, and one more, after FROM: of each part as many, and of those the first. */
function pageSql({ parts }: ListSql, rows: string, { where, order }: ListConditions, limit: number): string {
  const page = `${order} LIMIT ${limit + 1}`;
  if (parts === undefined) return `${rows} ${where} ${page}`;
  return `${ofEachPart(parts, rows, where, page)} ${page}`;
}

function ofEachPart({ of, own }: NonNullable<ListSql['parts']>, rows: string, where: string, end: string) {
  const conditions = where === '' ? `WHERE ${own}` : `${where} AND ${own}`;
  return `${of} CROSS JOIN LATERAL (SELECT * FROM ${rows} ${conditions} ${end}) part_row`;
}

/** Makes a page of rows that were read with a limit one greater than `limit`. */
export function toListRows<Row>(
  read: (Row & ListPositionColumns)[],
  { request: { cursor }, limit }: Pick<ListReading, 'request' | 'limit'>,
): ListRows<Row> {
  const isMore = read.length > limit;
  const rows = cursor?.isBackwards ? read.slice(0, limit).reverse() : read.slice(0, limit);
  const positionAt = (row: (Row & ListPositionColumns) | undefined) =>
    row === undefined ? null : encodePosition({ micros: row.position_at, id: row.position_id });
  const [first, last] = [positionAt(rows.at(0)), positionAt(rows.at(-1))];
  if (cursor === null) return { rows, previous: null, next: isMore ? last : null };
  if (cursor.isBackwards) return { rows, previous: isMore ? first : null, next: last };
  return { rows, previous: first, next: isMore ? last : null };
}

/** A page as the API answers it. */
export function toPageDto<Row>({ rows, next }: ListRows<Row>): Page<Row> {
  return { items: rows, nextCursor: next };
}

/** How many rows a list has with the filters in force, counted up to `max`. */
export async function countList(
  database: Database,
  { counted, filters, parts }: Pick<ListSql, 'counted' | 'filters' | 'parts'>,
  reading: Omit<ListReading, 'limit'>,
  max: number,
): Promise<number> {
  const parameters: unknown[] = [];
  const conditions = filterConditions(filters, reading, (value) => `$${parameters.push(value)}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const end = `LIMIT ${max}`;
  const rows =
    parts === undefined ? `${counted} ${where} ${end}` : `${ofEachPart(parts, counted, where, end)} ${end}`;
  const [row] = await planned(database, (tx) => {
    // what is counted is bounded, and so is what is read for it
    enqueueWrite(tx, `SELECT set_config('enable_seqscan', 'off', true)`, []);
    return tx.query<{ n: number }[]>(
      `SELECT count(*)::integer AS n FROM (SELECT FROM ${rows}) found`,
      parameters,
    );
  });
  return row?.n ?? 0;
}

/**
 * Reads with a plan for these very values: how many rows a filter leaves decides between walking
 * the order of the list and finding the few.
 */
export function planned<T>(database: Database, read: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction((tx) => {
    enqueueWrite(tx, `SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`, []);
    return read(tx);
  });
}

/** All rows of a list, a page at a time: any number fits in little memory. */
export async function* readPages<Row>(
  readPage: (request: ListRequest) => Promise<ListRows<Row>>,
  request: ListRequest,
): AsyncGenerator<Row[]> {
  for (let cursor: ListRequest['cursor'] = null; ;) {
    const { rows, next } = await readPage({ ...request, cursor });
    yield rows;
    if (next === null) return;
    cursor = { key: next, isBackwards: false };
  }
}
