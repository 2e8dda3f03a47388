import type { Tx } from '../../platform/database/tx.js';
import type { Outcome } from '../outcome.js';

/**
 * Does what an event says, in its transaction. `object` is Stripe's, unread; `at` is when Stripe said it, null
 * for an object that Stripe was just asked for.
 * Safe in any order, and any number of times.
 */
export type EventHandler = (tx: Tx, object: unknown, at: Date | null) => Promise<Outcome>;

/** Handlers by the types of the events that they are for. */
export type EventHandlers = Readonly<Record<string, EventHandler>>;
