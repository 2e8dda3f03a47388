import Stripe from 'stripe';
import { newPrice, newProduct } from '../../objects/catalog.js';
import {
  metadataEndpoint,
  getParamObject,
  retrieveEndpoint,
  type ApiCall,
  type Endpoint,
  equalFilters,
  listEndpoint,
  timeRangeFilters,
} from '../endpoint.js';
import { invalidParamError, missingParamError } from '../errors.js';
import type { Params } from '../params.js';

/** Products and prices: what is on sale. */
export const catalog: Endpoint[] = [
  { method: 'POST', path: '/v1/products', handle: createProduct },
  retrieveEndpoint('/v1/products', 'product'),
  metadataEndpoint('/v1/products', 'product', 'product.updated'),
  listEndpoint('/v1/products', 'product', (params) => [
    ...equalFilters(params, 'active'),
    ...timeRangeFilters(params),
  ]),
  { method: 'POST', path: '/v1/prices', handle: createPrice },
  retrieveEndpoint('/v1/prices', 'price'),
  metadataEndpoint('/v1/prices', 'price', 'price.updated'),
  listEndpoint('/v1/prices', 'price', (params) => [
    ...equalFilters(params, 'active', 'currency', 'product', 'type'),
    ...intervalFilter(params.child('recurring')),
    ...lookupKeysFilter(params.textList('lookup_keys')),
    ...timeRangeFilters(params),
  ]),
];

async function createProduct({ params, unitOfWork }: ApiCall): Promise<Stripe.Product> {
  const name = params.required('name');
  const description = params.text('description') ?? null;
  const made = newProduct({ name, description }, unitOfWork.now);
  const product = await unitOfWork.store.insert({ ...made, metadata: params.metadata() });
  await unitOfWork.emit('product.created', product);
  return product;
}

async function createPrice(apiCall: ApiCall): Promise<Stripe.Price> {
  const { params, unitOfWork } = apiCall;
  const product = await getParamObject(apiCall, 'product', params.required('product'), 'product');
  const amountInCents = params.integer('unit_amount');
  if (amountInCents === undefined) throw missingParamError('unit_amount');
  if (amountInCents < 0)
    throw invalidParamError('unit_amount', 'Invalid non-negative integer', 'parameter_invalid_integer');
  const recurring = params.child('recurring');
  const every = recurring.oneOf('interval', 'month', 'year');
  const intervalCount = recurring.integer('interval_count') ?? 1;
  const terms = {
    product: product.id,
    currency: params.required('currency').toLowerCase(),
    nickname: params.text('nickname') ?? null,
    recurring: every === undefined ? null : { every, intervalCount },
    cents: amountInCents,
  };
  const price = await unitOfWork.store.insert({
    ...newPrice(terms, unitOfWork.now),
    metadata: params.metadata(),
  });
  await unitOfWork.emit('price.created', price);
  return price;
}

function intervalFilter(recurring: Params) {
  const value = recurring.oneOf('interval', 'day', 'week', 'month', 'year');
  return value === undefined ? [] : [{ sql: `data->'recurring'->>'interval' = $`, value }];
}

function lookupKeysFilter(keys: string[]) {
  return keys.length === 0 ? [] : [{ sql: `data->>'lookup_key' = ANY($)`, value: keys }];
}
