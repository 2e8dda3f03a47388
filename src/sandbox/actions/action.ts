import type { Params } from '../api/params.js';
import type { Resource, ResourceType, Resources } from '../store/store.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** A call of an action: the object that it is about, locked, and what was sent along. */
export interface ActionCall<K extends ResourceType> {
  unitOfWork: UnitOfWork;
  object: Resources[K];
  fields: Params;
}

/**
 * Something that can happen to a kind of object: a button of its row in the overview, and a call of
 * the control API.
 */
export interface Action<K extends ResourceType> {
  /** The last part of its address. */
  name: string;
  label: string | ((object: Resources[K]) => string);
  /** Whether the overview offers it first, behind "More", or (absent) only the control API does. */
  shown?: 'first' | 'more';
  danger?: boolean;
  /** Whether it makes sense for the object as it is; the overview hides it otherwise. */
  isAvailable: (object: Resources[K]) => boolean;
  /**
   * *errors* what the object's state does not allow. Returns the object as it is then, or the one
   * that it made.
   */
  run: (actionCall: ActionCall<K>) => Promise<Resource>;
}

/**
 * All that can happen to one kind of object. *shape* `path` is the part of its addresses that names
 * the kind.
 */
export interface ActionGroup<K extends ResourceType> {
  type: K;
  path: string;
  actions: Action<K>[];
}
