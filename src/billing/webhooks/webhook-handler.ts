import type { Tx } from '../../platform/database/tx.js';

/**
 * Does what an event says, in its transaction. `object` is Stripe's, unread; `at` is when Stripe said it, null
 * for an object that Stripe was just asked for.
 * Safe in any order, and any number of times.
 */
export type WebhookHandler = (tx: Tx, object: unknown, at: Date | null) => Promise<WebhookOutcome>;

/** Handlers by the types of the events that they are for. */
export type WebhookHandlers = Readonly<Record<string, WebhookHandler>>;

/** What became of a delivery, as Stripe and the inbox see it. */
export interface WebhookOutcome {
  outcome: 'applied' | 'duplicate' | 'ignored' | 'parked' | 'dead';
  detail: string;
  /** What a parked event waits for: a Stripe id. */
  waitingKey?: string;
}

/** The event did, or had already done, what it says. */
export function applied(detail: string): WebhookOutcome {
  return { outcome: 'applied', detail };
}

/** The event says nothing that we use. */
export function ignored(detail: string): WebhookOutcome {
  return { outcome: 'ignored', detail };
}

/** The event is understood, but has to wait until more is known of `waitingKey`. `detail` is a key of waiting-reasons.ts. */
export function parked(detail: string, waitingKey: string): WebhookOutcome {
  return { outcome: 'parked', detail, waitingKey };
}

/** The event is about a customer who is not a known user yet; without a customer it can never be about one. */
export function parkForUnknownUser({ customerId }: { customerId: string | null }): WebhookOutcome {
  return customerId === null ? ignored('no_customer') : parked(unknownUser, customerId);
}

/**
 * The object is of another API version, or a list in it was cut: it is not guessed at, but asked of Stripe again. One without
 * an id cannot be asked for.
 */
export function parkUnreadable(
  object: unknown,
  detail: typeof unknownShape | typeof truncatedList,
): WebhookOutcome {
  const id = typeof object === 'object' && object !== null && 'id' in object ? object.id : undefined;
  return typeof id === 'string' && id !== '' ? parked(detail, id) : ignored(detail);
}

/** The detail of an event whose object could not be read. */
export const unknownShape = 'unknown_shape';
/** A list in the object has more entries than Stripe sent, so nothing follows from it. */
export const truncatedList = 'truncated_list';
/** Stripe says a word about the object that this version does not know. */
export const unknownStatus = 'unknown_status';
/** The customer is not a known user, as far as we know. */
export const unknownUser = 'unknown_user';
/** Which invoice a payment paid has not been reported. */
export const unknownPayment = 'unknown_payment';
/** A charge says that more was refunded than its refunds have reported. */
export const missingRefunds = 'missing_refunds';
