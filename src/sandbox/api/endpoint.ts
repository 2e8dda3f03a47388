import type Stripe from 'stripe';
import type { UnitOfWork } from '../unit-of-work.js';
import { notFoundError, invalidParamError } from './errors.js';
import type { Params } from './params.js';
import type { Filter, ListQuery, Page, ResourceType, Resources } from '../store/store.js';

/**
 * One call of the API: its parameters, the id in its path (empty where there is none) and the work
 * it may do.
 */
export interface ApiCall {
  params: Params;
  id: string;
  unitOfWork: UnitOfWork;
  webhookUrl: string;
}

/**
 * One endpoint of the API. *shape* `path` in Fastify's form, with `:id` where an id stands. An
 * error that is thrown undoes what was done, one that is answered keeps it.
 */
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  handle: (apiCall: ApiCall) => Promise<object>;
}

/** The kind of object as Stripe's messages name it. */
export const displayName = (type: ResourceType) =>
  type.split('.').join(' ').replace('billing_portal', 'portal');

/**
 * The object that the path names; a deleted one counts as missing. *errors* `resource_missing`
 * (404)
 */
export async function getOr404<K extends ResourceType>(
  { unitOfWork, id }: ApiCall,
  type: K,
): Promise<Resources[K]> {
  const found = await unitOfWork.store.find(type, id);
  if (found === null || found.deleted) throw notFoundError(displayName(type), id);
  return found.data;
}

/** As `getOr404`, and locked until the call is done. */
export async function lockOr404<K extends ResourceType>(
  { unitOfWork, id }: ApiCall,
  type: K,
): Promise<Resources[K]> {
  const found = await unitOfWork.store.lock(type, id);
  if (found === null || found.deleted) throw notFoundError(displayName(type), id);
  return found.data;
}

/** The object that a parameter names. *errors* `resource_missing` (400) */
export async function getParamObject<K extends ResourceType>(
  { unitOfWork }: ApiCall,
  type: K,
  id: string,
  param: string,
): Promise<Resources[K]> {
  const found = await unitOfWork.store.lock(type, id);
  if (found === null || found.deleted) throw notFoundError(displayName(type), id, param);
  return found.data;
}

/** The endpoint that answers one object by its id. */
export function retrieveEndpoint(path: string, type: ResourceType): Endpoint {
  return { method: 'GET', path: `${path}/:id`, handle: (call) => getOr404(call, type) };
}

/** The endpoint that changes the metadata of an object and sends an event. */
export function metadataEndpoint<K extends ResourceType>(
  path: string,
  type: K,
  event: Stripe.Event.Type,
): Endpoint {
  const answer = async (apiCall: ApiCall) => {
    const before = await lockOr404(apiCall, type);
    const known = 'metadata' in before ? (before.metadata ?? {}) : {};
    return apiCall.unitOfWork.update(event, before, { ...before, metadata: apiCall.params.metadata(known) });
  };
  return { method: 'POST', path: `${path}/:id`, handle: answer };
}

/** Reads a list's conditions from its parameters. */
export type ReadFilters = (params: Params) => Filter[];

/** The endpoint that lists a kind of object, newest first. */
export function listEndpoint(path: string, type: ResourceType, filters: ReadFilters = () => []): Endpoint {
  const answer = async (apiCall: ApiCall) => {
    const query = readPageQuery(apiCall.params, filters(apiCall.params));
    const cursor = query.startingAfter ?? query.endingBefore;
    if (cursor !== undefined && (await apiCall.unitOfWork.store.find(type, cursor)) === null)
      throw notFoundError(
        displayName(type),
        cursor,
        query.startingAfter === undefined ? 'ending_before' : 'starting_after',
      );
    return listEnvelope(await apiCall.unitOfWork.store.list(type, query), path);
  };
  return { method: 'GET', path, handle: answer };
}

/**
 * Reads `limit`, `starting_after` and `ending_before`. *errors* a limit outside 1–100, or both
 * cursors at once
 */
export function readPageQuery(params: Params, filters: Filter[]): ListQuery {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw invalidParamError('limit', 'Invalid limit: must be between 1 and 100', 'parameter_invalid_integer');
  const startingAfter = params.text('starting_after');
  const endingBefore = params.text('ending_before');
  if (startingAfter !== undefined && endingBefore !== undefined)
    throw invalidParamError('ending_before', 'You cannot use both starting_after and ending_before.');
  return { filters, limit, startingAfter, endingBefore };
}

/**
 * One page of a list that an object holds, in the list's order. *errors* a cursor that is not in it
 * (400)
 */
export function pageOf<T extends { id: string }>(params: Params, all: T[], kind: string): Page<T> {
  const { limit, startingAfter, endingBefore } = readPageQuery(params, []);
  const cursor = startingAfter ?? endingBefore;
  const at = all.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at < 0)
    throw notFoundError(kind, cursor, startingAfter === undefined ? 'ending_before' : 'starting_after');
  if (endingBefore === undefined)
    return { data: all.slice(at + 1, at + 1 + limit), hasMore: all.length > at + 1 + limit };
  const from = Math.max(0, at - limit);
  return { data: all.slice(from, at), hasMore: from > 0 };
}

/** A page in Stripe's envelope. */
export function listEnvelope<T>(page: Page<T>, url: string) {
  return { object: 'list', data: page.data, has_more: page.hasMore, url };
}

/** Conditions that a field equals the parameter of the same name, for those that were sent. */
export function equalFilters(params: Params, ...names: string[]): Filter[] {
  return names.flatMap((name) => {
    const value = params.text(name);
    return value === undefined ? [] : [{ sql: `data->>'${name}' = $`, value }];
  });
}

/**
 * The condition that a time lies where `created` (or another name) says: a number, or `gt`, `gte`,
 * `lt`, `lte`.
 */
export function timeRangeFilters(params: Params, name = 'created'): Filter[] {
  const column = `(data->>'${name}')::bigint`;
  if (!params.isNested(name)) {
    const value = params.integer(name);
    return value === undefined ? [] : [{ sql: `${column} = $`, value }];
  }
  const range = params.child(name);
  const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' };
  return Object.entries(operators).flatMap(([word, sign]) => {
    const value = range.integer(word);
    return value === undefined ? [] : [{ sql: `${column} ${sign} $`, value }];
  });
}
