import { idOf } from '../objects/stripe-objects.js';
import type { ResourceType, Resources } from '../store/resources.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { ApiError } from '../api/errors.js';

type Reference = string | { id?: string } | null | undefined;

/** An object that must exist because another names it. *errors* throws when it does not: the stored data contradict themselves. */
export async function mustGet<K extends ResourceType>(
  unitOfWork: UnitOfWork,
  type: K,
  reference: Reference,
): Promise<Resources[K]> {
  const id = idOf(reference);
  const found = await unitOfWork.store.find(type, id);
  if (found === null) throw new Error(`${type} ${id} is named by another object but does not exist`);
  return found.data;
}

/** As `held`, and no other person changes it until the work is done: two invoices at once must not get one number. */
export async function mustLock<K extends ResourceType>(
  unitOfWork: UnitOfWork,
  type: K,
  reference: Reference,
): Promise<Resources[K]> {
  const id = idOf(reference);
  const found = await unitOfWork.store.lock(type, id);
  if (found === null) throw new Error(`${type} ${id} is named by another object but does not exist`);
  return found.data;
}

/** The object that a person checks or acts on, locked. *errors* 404 when there is none */
export async function lockOr404<K extends ResourceType>(
  unitOfWork: UnitOfWork,
  type: K,
  id: string,
): Promise<Resources[K]> {
  const row = await unitOfWork.store.lock(type, id);
  if (row === null || row.deleted)
    throw new ApiError(404, 'invalid_request_error', 'There is no such thing in the sandbox.');
  return row.data;
}
