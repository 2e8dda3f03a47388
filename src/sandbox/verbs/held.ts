import { idOf } from '../objects/reference.js';
import type { ResourceType, Resources } from '../store/resources.js';
import type { Work } from '../work.js';

type Reference = string | { id?: string } | null | undefined;

/** An object that must exist because another names it. *errors* throws when it does not: the stored data contradict themselves. */
export async function held<K extends ResourceType>(
  work: Work,
  type: K,
  reference: Reference,
): Promise<Resources[K]> {
  const id = idOf(reference);
  const found = await work.store.find(type, id);
  if (found === null) throw new Error(`${type} ${id} is named by another object but does not exist`);
  return found.data;
}

/** As `held`, and nobody else changes it until the work is done: two invoices at once must not get one number. */
export async function lockedHeld<K extends ResourceType>(
  work: Work,
  type: K,
  reference: Reference,
): Promise<Resources[K]> {
  const id = idOf(reference);
  const found = await work.store.lock(type, id);
  if (found === null) throw new Error(`${type} ${id} is named by another object but does not exist`);
  return found.data;
}
