import { ApiError } from './api/errors.js';
import type { ResourceType, Resources } from './store/resources.js';
import type { Work } from './work.js';

/** The object that somebody looks at or acts on, locked. *errors* 404 when there is none */
export async function found<K extends ResourceType>(work: Work, type: K, id: string): Promise<Resources[K]> {
  const row = await work.store.lock(type, id);
  if (row === null || row.deleted)
    throw new ApiError(404, 'invalid_request_error', 'There is no such thing in the sandbox.');
  return row.data;
}
