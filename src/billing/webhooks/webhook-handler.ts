import Stripe from 'stripe';
import type { Tx } from '../../platform/database/tx.js';
import type { ParkedReasonDto, WebhookAnswerDto } from './stripe-event.dto.js';

/**
 * Applies an event in its transaction. `object` is Stripe's, unread; `at` is when Stripe said it,
 * null for an object that Stripe was just asked for. Safe in any order, and any number of times.
 */
export type WebhookHandler = (tx: Tx, object: unknown, at: Date | null) => Promise<WebhookOutcome>;

/** Handlers by the types of the events that they are for. */
export type WebhookHandlers = Readonly<Record<string, WebhookHandler>>;

/** The outcome of a delivery, for Stripe and the inbox. */
export interface WebhookOutcome {
  outcome: WebhookAnswerDto['outcome'];
  detail: string;
  /** What a parked event waits for: an id of a processor, or a person of the host. */
  waitingKey?: string;
  /** The user whom it is about, where a report of another processor needs to record that. */
  subjectId?: string;
}

/** The event is applied, now or before. */
export function applied(detail: string): WebhookOutcome {
  return { outcome: 'applied', detail };
}

/** The event is not used. */
export function ignored(detail: string): WebhookOutcome {
  return { outcome: 'ignored', detail };
}

/**
 * The event is understood, but has to wait until more is known of `waitingKey`. `detail` is one of
 * the reasons below.
 */
export function parked(detail: string, waitingKey: string): WebhookOutcome {
  return { outcome: 'parked', detail, waitingKey };
}

/**
 * The event is about a customer who is not a known user yet; without a customer it can never be
 * about one.
 */
export function parkForUnknownUser({ customerId }: { customerId: string | null }): WebhookOutcome {
  return customerId === null ? ignored('no_customer') : parked(unknownUser, customerId);
}

/**
 * The object is of another API version, or a list in it was cut: it is not guessed at, but asked of
 * Stripe again. One without an id cannot be asked for.
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
/** The object has a status that this version does not know. */
export const unknownStatus = 'unknown_status';
/** The customer is not a known user, as far as we know. */
export const unknownUser = 'unknown_user';
/** Which invoice a payment paid has not been reported. */
export const unknownPayment = 'unknown_payment';
/** The payment of a refund or dispute at another processor than Stripe was not reported yet. */
export const unreportedPayment = 'unreported_payment';
/** A charge says that more was refunded than its refunds have reported. */
export const missingRefunds = 'missing_refunds';

interface ParkedReasonRule extends ParkedReasonDto {
  /** Stripe's answer frees it, so Stripe is asked right after the commit. */
  isResolvedByStripe: boolean;
  /** The payload cannot be used: the object is read from Stripe. */
  needsRefetch: boolean;
}

const reasons: Readonly<Record<string, ParkedReasonRule>> = {
  [unknownUser]: {
    isResolvedByStripe: false,
    needsRefetch: false,
    why: 'its customer or external id does not belong to a known user',
    freedBy:
      'a checkout, an import, metadata or PUT /people with it; what waits for a customer is ignored after 30 days',
  },
  [unknownPayment]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'the invoice of this payment is not known',
    freedBy: 'a lookup at Stripe, which is scheduled, or the payment’s invoice_payment.paid',
  },
  [unreportedPayment]: {
    isResolvedByStripe: false,
    needsRefetch: false,
    why: 'the payment that it takes back was not reported',
    freedBy: 'the report of this payment, by PUT /payments or by its processor',
  },
  [missingRefunds]: {
    isResolvedByStripe: true,
    needsRefetch: false,
    why: 'its charge shows a larger refund than the known refunds',
    freedBy: 'a lookup of its refunds at Stripe, which is scheduled, or their own events',
  },
  [unknownShape]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came in another API version',
    freedBy: `a lookup at Stripe in ${Stripe.API_VERSION}, which is scheduled; set this version on the endpoint`,
  },
  [truncatedList]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'its object came with only the first entries of a list',
    freedBy: 'a lookup of the whole list at Stripe, which is scheduled',
  },
  [unknownStatus]: {
    isResolvedByStripe: true,
    needsRefetch: true,
    why: 'Stripe uses a status that this version of Twofold does not know',
    freedBy: 'another status at Stripe, or an update of Twofold',
  },
};

/** Whether an event that is parked for `detail` is freed by Stripe's answer. */
export function isResolvedByStripe(detail: string): boolean {
  return findReason(detail)?.isResolvedByStripe ?? false;
}

/** Whether an event that is parked for `detail` needs its object read from Stripe. */
export function needsRefetch(detail: string): boolean {
  return findReason(detail)?.needsRefetch ?? false;
}

/** Why an event waits; null for one that does not. */
export function explainWaiting(event: {
  status: string;
  detail: string | null;
  failures: number;
}): ParkedReasonDto | null {
  if (event.status === 'failed')
    return {
      why: event.failures === 1 ? 'applying it failed' : `applying it failed ${event.failures} times`,
      freedBy: 'fixing the cause, which is in the log (event.retry_failed); it is retried automatically',
    };
  if (event.status !== 'parked') return null;
  const { why, freedBy } = findReason(event.detail ?? '') ?? {
    why: 'another version of Twofold parked it',
    freedBy: 'the next retry',
  };
  return { why, freedBy };
}

function findReason(detail: string): ParkedReasonRule | undefined {
  return Object.hasOwn(reasons, detail) ? reasons[detail] : undefined;
}
