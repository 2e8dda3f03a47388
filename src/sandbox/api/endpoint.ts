import type Stripe from 'stripe';
import type { ResourceType, Resources } from '../store/resources.js';
import type { Work } from '../work.js';
import { noSuch } from './errors.js';
import type { Params } from './params.js';

/** One call of the API: its parameters, the id in its path (empty where there is none) and the work it may do. */
export interface Call {
  params: Params;
  id: string;
  work: Work;
  webhookUrl: string;
}

/** One endpoint of the API. *shape* `path` in Fastify's form, with `:id` where an id stands. An error that is thrown undoes what was done, one that is answered keeps it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  answer: (call: Call) => Promise<object>;
}

/** The kind of object as Stripe's messages name it. */
export const spoken = (type: ResourceType) => type.split('.').join(' ').replace('billing_portal', 'portal');

/** The object that the path names; a deleted one counts as missing. *errors* `resource_missing` (404) */
export async function named<K extends ResourceType>({ work, id }: Call, type: K): Promise<Resources[K]> {
  const found = await work.store.find(type, id);
  if (found === null || found.deleted) throw noSuch(spoken(type), id);
  return found.data;
}

/** As `named`, and locked until the call is done. */
export async function namedForUpdate<K extends ResourceType>(
  { work, id }: Call,
  type: K,
): Promise<Resources[K]> {
  const found = await work.store.lock(type, id);
  if (found === null || found.deleted) throw noSuch(spoken(type), id);
  return found.data;
}

/** The object that a parameter names. *errors* `resource_missing` (400) */
export async function given<K extends ResourceType>(
  { work }: Call,
  type: K,
  id: string,
  param: string,
): Promise<Resources[K]> {
  const found = await work.store.lock(type, id);
  if (found === null || found.deleted) throw noSuch(spoken(type), id, param);
  return found.data;
}

/** The endpoint that answers one object by its id. */
export function retrieve(path: string, type: ResourceType): Endpoint {
  return { method: 'GET', path: `${path}/:id`, answer: (call) => named(call, type) };
}

/** The endpoint that changes the metadata of an object, and tells of it. */
export function annotate<K extends ResourceType>(path: string, type: K, event: Stripe.Event.Type): Endpoint {
  const answer = async (call: Call) => {
    const before = await namedForUpdate(call, type);
    const known = 'metadata' in before ? (before.metadata ?? {}) : {};
    return call.work.update(event, before, { ...before, metadata: call.params.metadata(known) });
  };
  return { method: 'POST', path: `${path}/:id`, answer };
}
