import { ApiError } from '../api/errors.js';
import type { ResourceType, Resources } from '../store/resources.js';
import type { Visit } from './route.js';

/** The object that a page is about, locked. *errors* 404 when there is none */
export async function found<K extends ResourceType>(
  { work }: Visit,
  type: K,
  id: string,
): Promise<Resources[K]> {
  const row = await work.store.lock(type, id);
  if (row === null || row.deleted)
    throw new ApiError(404, 'invalid_request_error', 'There is no such thing in the sandbox.');
  return row.data;
}
