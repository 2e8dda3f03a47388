import type { FormFields } from '../../platform/http/form-fields.js';
import type { ListRows } from '../../platform/lists/keyset-list.js';
import {
  listHref,
  parseListRequest,
  type ListDefinition,
  type ListRequest,
} from '../../platform/lists/list-request.js';

/**
 * The lists of the console, each at its path. Their texts are in the translations by their names.
 */
export const listPaths = {
  users: '/admin/users',
  referrals: '/admin/referrals',
  events: '/admin/events',
  merges: '/admin/merges',
  'api-keys': '/admin/api-keys',
  failures: '/admin/failures',
  deliveries: '/admin/webhooks/deliveries',
  audit: '/admin/audit',
} as const;
/** One of {@link listPaths}. */
export type ListName = keyof typeof listPaths;

/** Where a list is shown, and where its file is. */
export interface ListPlace {
  page: string;
  file: string;
}

/** Where a list comes from. `count` answers null where counting would read too much. */
export interface ListSource<Row> extends Named {
  name: ListName;
  /** Where it is, if not at {@link listPaths}. */
  place?: ListPlace;
  list: (request: ListRequest, limit: number) => Promise<ListRows<Row>>;
  count: (request: ListRequest, max: number) => Promise<number | null>;
  /** All rows in batches, where there is a quicker way than page after page. */
  readAll?: (request: ListRequest, rowsPerBatch: number) => AsyncGenerator<Row[]>;
}

/** Rows that a page shows otherwise than as a list, for a file. */
export interface FileSource<Row> extends Named {
  readAll: (request: ListRequest, rowsPerBatch: number) => AsyncGenerator<Row[]>;
}

/** What a list can be asked. `about` names what it is of, for the audit log. */
interface Named {
  name: string;
  definition: ListDefinition;
  about?: Readonly<Record<string, string>>;
}

/** One page of a list with what was asked; `count` goes up to {@link maxListCount}. */
export interface ListView<Row> extends ListRows<Row> {
  name: ListName;
  place: ListPlace;
  definition: ListDefinition;
  request: ListRequest;
  count: number | null;
}

/** Up to where the rows of a list are counted. */
export const maxListCount = 1_000;
const pageSize = 25;

/**
 * Reads the page of a list that an address asks for; days are those of the reader. Errors:
 * `request.invalid` for its cursor.
 */
export async function loadList<Row>(
  source: ListSource<Row>,
  fields: FormFields,
  reader: { timeZone: string },
): Promise<ListView<Row>> {
  const request = parseListRequest(source.definition, fields, reader);
  const [page, count] = await Promise.all([
    source.list(request, pageSize),
    source.count(request, maxListCount),
  ]);
  const isWhole = page.previous === null && page.next === null;
  const { name, place = placeOf(name) } = source;
  return {
    ...page,
    ...{ name, place, definition: source.definition, request },
    count: isWhole ? page.rows.length : count,
  };
}

/** The page of a list, with its file beside it. */
export function placeOf(name: ListName): ListPlace {
  return { page: listPaths[name], file: `${listPaths[name]}.csv` };
}

/** A list and what it is asked, without its rows. */
export type AskedList = Pick<ListView<unknown>, 'name' | 'place' | 'definition' | 'request'>;

/** The address of the first page of a list, asked as before but for what `change` says. */
export function viewHref({ place, definition, request }: AskedList, change: Partial<ListRequest>): string {
  return listHref(place.page, definition, { ...request, cursor: null, ...change });
}

/** The address of the file with all rows of the list. */
export function csvHref({ place, definition, request }: AskedList): string {
  return listHref(place.file, definition, { ...request, cursor: null });
}
