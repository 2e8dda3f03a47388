import { invalidRequest } from '../http/validation.js';
import { textField, type FormFields } from '../http/form-fields.js';
import { parseIsoDateTime } from '../iso-date-time.js';

/**
 * What a list can be filtered by: one of `values`, a text, or a day. `texts` is where the
 * translations have the words of the values, if not with the list: then there are many, sorted by
 * their words.
 */
export type ListFilter =
  | { name: string; kind: 'choice'; values: readonly string[]; texts?: string }
  | { name: string; kind: 'text'; maxLength: number }
  | { name: string; kind: 'day' };

/**
 * A time that a list can be sorted by. Where only some rows have one, `needs` is the filter that
 * leaves those.
 */
export interface ListSort {
  name: string;
  needs?: { filter: string; value: string };
}

/**
 * What a list can be asked. The first of `sorts`, newest first, is how it is sorted unless asked.
 */
export interface ListDefinition {
  filters: readonly ListFilter[];
  sorts: readonly [ListSort, ...ListSort[]];
}

/**
 * What a list is asked. `filters` holds those in force; `cursor` is where another page ended. Days
 * are those of `timeZone`; missing: UTC.
 */
export interface ListRequest {
  filters: Readonly<Record<string, string>>;
  sort: string;
  isAscending: boolean;
  cursor: { key: string; isBackwards: boolean } | null;
  timeZone?: string;
}

/**
 * What the address of a page asks of its list: each filter by its name, `sort` with a minus for
 * the newest first, and `after` or `before` with a cursor. What names nothing is left out.
 * Errors: `request.invalid` for a cursor that is none.
 */
export function parseListRequest(
  { filters, sorts }: ListDefinition,
  fields: FormFields,
  { timeZone }: { timeZone: string },
): ListRequest {
  const asked = textField(fields, 'sort');
  const sort = sorts.find(({ name }) => name === asked.replace(/^-/, '')) ?? sorts[0];
  const inForce = filters.flatMap((filter): [string, string][] => {
    const value = parseFilter(filter, textField(fields, filter.name).trim());
    return value === null ? [] : [[filter.name, value]];
  });
  const needed: [string, string][] = sort.needs ? [[sort.needs.filter, sort.needs.value]] : [];
  const [after, before] = [textField(fields, 'after'), textField(fields, 'before')];
  const cursor = after === '' ? before : after;
  return {
    filters: Object.fromEntries([...inForce, ...needed]),
    sort: sort.name,
    isAscending: sort.name === asked,
    cursor: cursor === '' ? null : { key: cursor, isBackwards: after === '' },
    timeZone,
  };
}

/** A request of the API: a list from its newest row on, or from where the page before ended. */
export function newestFirst(
  sort: string,
  filters: Readonly<Record<string, string | undefined>>,
  cursor: string | undefined,
): ListRequest {
  const inForce = Object.entries(filters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    filters: Object.fromEntries(inForce),
    ...{ sort, isAscending: false },
    cursor: cursor === undefined ? null : { key: cursor, isBackwards: false },
  };
}

function parseFilter(filter: ListFilter, text: string): string | null {
  if (text === '') return null;
  if (filter.kind === 'choice') return filter.values.includes(text) ? text : null;
  if (filter.kind === 'text') return text.slice(0, filter.maxLength);
  return /^[12]\d{3}-\d\d-\d\d$/.test(text) && parseIsoDateTime(text) !== null ? text : null;
}

/**
 * The address that asks for this. Filters in the order of the list; a page is left out where
 * `request` has no cursor.
 */
export function listHref(path: string, { filters, sorts }: ListDefinition, request: ListRequest): string {
  const { sort, isAscending, cursor } = request;
  const inForce = filters.flatMap(({ name }): [string, string][] => {
    const value = request.filters[name];
    return value === undefined ? [] : [[name, value]];
  });
  const isUnsorted = sort === sorts[0].name && !isAscending;
  const query = new URLSearchParams([
    ...inForce,
    ...(isUnsorted ? [] : [['sort', `${isAscending ? '' : '-'}${sort}`]]),
    ...(cursor === null ? [] : [[cursor.isBackwards ? 'before' : 'after', cursor.key]]),
  ] as [string, string][]).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The request without a filter, from its first page. A sort that needs the filter goes with it. */
export function withoutFilter(
  { sorts }: ListDefinition,
  { filters, sort, isAscending, ...request }: ListRequest,
  name: string,
): ListRequest {
  const isNeeded = sorts.find((own) => own.name === sort)?.needs?.filter === name;
  return {
    ...request,
    filters: Object.fromEntries(Object.entries(filters).filter(([own]) => own !== name)),
    ...(isNeeded ? { sort: sorts[0].name, isAscending: false } : { sort, isAscending }),
    cursor: null,
  };
}

/** Where a page ends: a time in microseconds, and the id of a row. */
export interface ListPosition {
  micros: string;
  id: string;
}

/** The position as a cursor. */
export function encodePosition({ micros, id }: ListPosition): string {
  return Buffer.from(`${micros} ${id}`).toString('base64url');
}

const positionPattern = /^(-?\d{1,17}) ([^\p{C}]{1,350})$/u;

/**
 * The position in a cursor. Errors: `request.invalid` for one whose id does not have `idPattern`.
 */
export function decodePosition(cursor: string, idPattern: RegExp): ListPosition {
  const [, micros, id] = positionPattern.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (micros === undefined || id === undefined || !idPattern.test(id))
    throw invalidRequest([{ path: 'cursor', message: 'cursor is not valid' }]);
  return { micros, id };
}
