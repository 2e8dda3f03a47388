import type { Filter, ListQuery, Page } from '../store/page.js';
import type { ResourceType } from '../store/resources.js';
import { type Call, type Endpoint, spoken } from './endpoint.js';
import { invalid, noSuch } from './errors.js';
import type { Params } from './params.js';

/** Reads a list's conditions from its parameters. */
export type Filters = (params: Params) => Filter[];

/** The endpoint that lists a kind of object, newest first. */
export function list(path: string, type: ResourceType, filters: Filters = () => []): Endpoint {
  const answer = async (call: Call) => {
    const query = pageQuery(call.params, filters(call.params));
    const cursor = query.startingAfter ?? query.endingBefore;
    if (cursor !== undefined && (await call.work.store.find(type, cursor)) === null)
      throw noSuch(
        spoken(type),
        cursor,
        query.startingAfter === undefined ? 'ending_before' : 'starting_after',
      );
    return envelope(await call.work.store.list(type, query), path);
  };
  return { method: 'GET', path, answer };
}

/** Reads `limit`, `starting_after` and `ending_before`. *errors* a limit outside 1–100, or both cursors at once */
export function pageQuery(params: Params, filters: Filter[]): ListQuery {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw invalid('limit', 'Invalid limit: must be between 1 and 100', 'parameter_invalid_integer');
  const startingAfter = params.text('starting_after');
  const endingBefore = params.text('ending_before');
  if (startingAfter !== undefined && endingBefore !== undefined)
    throw invalid('ending_before', 'You cannot use both starting_after and ending_before.');
  return { filters, limit, startingAfter, endingBefore };
}

/** A page in Stripe's envelope. */
export function envelope<T>(page: Page<T>, url: string) {
  return { object: 'list', data: page.data, has_more: page.hasMore, url };
}

/** Conditions that a field equals the parameter of the same name, for those that were sent. */
export function equal(params: Params, ...names: string[]): Filter[] {
  return names.flatMap((name) => {
    const value = params.text(name);
    return value === undefined ? [] : [{ sql: `data->>'${name}' = $`, value }];
  });
}

/** The condition that a time lies where `created` (or another name) says: a number, or `gt`, `gte`, `lt`, `lte`. */
export function within(params: Params, name = 'created'): Filter[] {
  const column = `(data->>'${name}')::bigint`;
  if (!params.isBranch(name)) {
    const value = params.integer(name);
    return value === undefined ? [] : [{ sql: `${column} = $`, value }];
  }
  const range = params.inside(name);
  const signs = { gt: '>', gte: '>=', lt: '<', lte: '<=' };
  return Object.entries(signs).flatMap(([word, sign]) => {
    const value = range.integer(word);
    return value === undefined ? [] : [{ sql: `${column} ${sign} $`, value }];
  });
}
