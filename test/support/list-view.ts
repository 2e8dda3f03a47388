import { placeOf, type ListName, type ListView } from '../../src/admin/lists/list-view.js';
import type { ListDefinition } from '../../src/platform/lists/list-request.js';

const sorts = {
  ...{ users: 'joined', referrals: 'linked', events: 'received' },
  ...{ merges: 'merged', 'api-keys': 'created', failures: 'tried', deliveries: 'created', audit: 'recorded' },
} as const satisfies Record<ListName, string>;

/** A page of a list with these filters in force, and one before and after it. */
export function listView<Row>(
  name: ListName,
  rows: Row[],
  filters: Record<string, string> = {},
): ListView<Row> {
  const definition: ListDefinition = {
    filters: Object.keys(filters).map((own) => ({ name: own, kind: 'text', maxLength: 100 })),
    sorts: [{ name: sorts[name] }],
  };
  const request = { filters, sort: sorts[name], isAscending: false, cursor: null };
  return {
    name,
    place: placeOf(name),
    definition,
    request,
    rows,
    previous: 'a',
    next: 'b',
    count: rows.length,
  };
}
