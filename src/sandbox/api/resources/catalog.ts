import Stripe from 'stripe';
import { newPrice, newProduct } from '../../objects/catalog.js';
import { annotate, given, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { invalid, missing } from '../errors.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

/** Products and prices: what is on sale. */
export const catalog: Endpoint[] = [
  { method: 'POST', path: '/v1/products', answer: createProduct },
  retrieve('/v1/products', 'product'),
  annotate('/v1/products', 'product', 'product.updated'),
  list('/v1/products', 'product', (params) => [...equal(params, 'active'), ...within(params)]),
  { method: 'POST', path: '/v1/prices', answer: createPrice },
  retrieve('/v1/prices', 'price'),
  annotate('/v1/prices', 'price', 'price.updated'),
  list('/v1/prices', 'price', (params) => [
    ...equal(params, 'active', 'currency', 'product', 'type'),
    ...interval(params.inside('recurring')),
    ...lookupKeys(params.texts('lookup_keys')),
    ...within(params),
  ]),
];

async function createProduct({ params, work }: Call): Promise<Stripe.Product> {
  const name = params.required('name');
  const description = params.text('description') ?? null;
  const made = newProduct({ name, description }, work.now);
  const product = await work.store.insert({ ...made, metadata: params.metadata() });
  await work.emit('product.created', product);
  return product;
}

async function createPrice(call: Call): Promise<Stripe.Price> {
  const { params, work } = call;
  const product = await given(call, 'product', params.required('product'), 'product');
  const cents = params.integer('unit_amount');
  if (cents === undefined) throw missing('unit_amount');
  if (cents < 0) throw invalid('unit_amount', 'Invalid non-negative integer', 'parameter_invalid_integer');
  const recurring = params.inside('recurring');
  const every = recurring.oneOf('interval', 'month', 'year');
  const intervalCount = recurring.integer('interval_count') ?? 1;
  const terms = {
    product: product.id,
    currency: params.required('currency').toLowerCase(),
    nickname: params.text('nickname') ?? null,
    recurring: every === undefined ? null : { every, intervalCount },
    cents,
  };
  const price = await work.store.insert({ ...newPrice(terms, work.now), metadata: params.metadata() });
  await work.emit('price.created', price);
  return price;
}

function interval(recurring: Params) {
  const value = recurring.oneOf('interval', 'day', 'week', 'month', 'year');
  return value === undefined ? [] : [{ sql: `data->'recurring'->>'interval' = $`, value }];
}

function lookupKeys(keys: string[]) {
  return keys.length === 0 ? [] : [{ sql: `data->>'lookup_key' = ANY($)`, value: keys }];
}
