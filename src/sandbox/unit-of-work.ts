import type { PoolClient } from 'pg';
import Stripe from 'stripe';
import { newId, idOf } from './objects/stripe-objects.js';
import { insertEvent } from './store/events.js';
import { Store, type Resource, type ResourceType, type Resources } from './store/store.js';
import { enqueueDeliveries, readFaults, type Faults } from './webhooks/faults.js';
import { ApiError } from './api/errors.js';

/** The request that caused an event; both null when a page of the sandbox did. */
export interface RequestCause {
  id: string | null;
  idempotency_key: string | null;
}

/**
 * One piece of work inside one transaction: the objects it may read and write, the time it happens
 * at, and the events that go out once it has committed. *unit* `now` in whole seconds since 1970.
 */
export class UnitOfWork {
  readonly store: Store;
  private faults: Promise<Faults> | undefined;
  readonly now = Math.floor(Date.now() / 1_000);

  constructor(
    readonly client: PoolClient,
    /** Where the sandbox's pages are, without a slash at the end. */
    readonly origin: string,
    private readonly requestCause: RequestCause,
  ) {
    this.store = new Store(client);
  }

  /** Records that something happened to an object, as it is now, and that the app is notified. */
  async emit(
    type: Stripe.Event.Type,
    object: Resource,
    previousAttributes?: Record<string, unknown>,
  ): Promise<void> {
    const event = {
      id: newId('evt'),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: this.now,
      data: { object, ...(previousAttributes && { previous_attributes: previousAttributes }) },
      livemode: false,
      pending_webhooks: 1,
      request: this.requestCause,
      type,
    };
    await insertEvent(this.client, event);
    this.faults ??= readFaults(this.client);
    await enqueueDeliveries(this.client, event.id, await this.faults);
  }

  /**
   * Saves a newer version of an object and emits `type` with the attributes that changed; nothing
   * when none did.
   */
  async update<T extends Resource>(type: Stripe.Event.Type, before: T, after: T): Promise<T> {
    const previous = diffPreviousAttributes(before, after);
    if (Object.keys(previous).length === 0) return before;
    await this.store.save(after);
    await this.emit(type, after, previous);
    return after;
  }
}

/** The top-level attributes in which `after` differs, with the values they had before. */
export function diffPreviousAttributes<T extends object>(before: T, after: T): Record<string, unknown> {
  const current = new Map(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(current.get(name)),
    ),
  );
}

type Reference = string | { id?: string } | null | undefined;

/**
 * An object that must exist because another names it. *errors* throws when it does not: the stored
 * data contradict themselves.
 */
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

/**
 * As `mustGet`, and no other work changes it until this one is done: two invoices at once must not
 * get one number.
 */
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

/** The object that a page or an action is about, locked. *errors* 404 when there is none */
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
