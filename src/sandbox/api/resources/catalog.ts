import { retrieve, type Endpoint } from '../endpoint.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

/** Products and prices: what is on sale. They are given, and cannot be changed. */
export const catalog: Endpoint[] = [
  retrieve('/v1/products', 'product'),
  list('/v1/products', 'product', (params) => [...equal(params, 'active'), ...within(params)]),
  retrieve('/v1/prices', 'price'),
  list('/v1/prices', 'price', (params) => [
    ...equal(params, 'active', 'currency', 'product', 'type'),
    ...interval(params.inside('recurring')),
    ...lookupKeys(params.texts('lookup_keys')),
    ...within(params),
  ]),
];

function interval(recurring: Params) {
  const value = recurring.oneOf('interval', 'day', 'week', 'month', 'year');
  return value === undefined ? [] : [{ sql: `data->'recurring'->>'interval' = $`, value }];
}

function lookupKeys(keys: string[]) {
  return keys.length === 0 ? [] : [{ sql: `data->>'lookup_key' = ANY($)`, value: keys }];
}
