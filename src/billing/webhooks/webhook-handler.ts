import Stripe from 'stripe';
import type { Phrase } from '../../platform/check-result.js';
import type { Tx } from '../../platform/database/tx.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import type { InboxEventEntity } from './inbox-event.entity.js';
import type { ParkedReasonDto, WebhookAnswerDto } from './stripe-event.dto.js';

/**
 * Applies an event in its transaction. `object` is Stripe's, unread; `at` is when Stripe said it,
 * null for an object that Stripe was just asked for. Safe in any order, and any number of times.
 */
export type WebhookHandler = (tx: Tx, object: unknown, at: Date | null) => Promise<WebhookOutcome>;

/** An event that the inbox has already, locked. */
export type KnownEvent = Pick<InboxEventEntity, 'status' | 'detail' | 'digest'>;

/**
 * Claims an event and begins to apply it if it is new, all in one statement. `claimed`: null for a
 * new event. `apply` does the rest, or all of it where the event was known.
 */
export type EarlyWebhookHandler = (
  tx: Tx,
  object: unknown,
  eventId: string,
) => { claimed: Promise<KnownEvent | null>; apply: () => Promise<WebhookOutcome> } | null;

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

interface ParkedReasonRule {
  /** Stripe's answer frees it, so Stripe is asked right after the commit. */
  isResolvedByStripe: boolean;
  /** The payload cannot be used: the object is read from Stripe. */
  needsRefetch: boolean;
}

const reasons: Readonly<Record<string, ParkedReasonRule>> = {
  [unknownUser]: {
    isResolvedByStripe: false,
    needsRefetch: false,
  },
  [unknownPayment]: {
    isResolvedByStripe: true,
    needsRefetch: false,
  },
  [unreportedPayment]: {
    isResolvedByStripe: false,
    needsRefetch: false,
  },
  [missingRefunds]: {
    isResolvedByStripe: true,
    needsRefetch: false,
  },
  [unknownShape]: {
    isResolvedByStripe: true,
    needsRefetch: true,
  },
  [truncatedList]: {
    isResolvedByStripe: true,
    needsRefetch: true,
  },
  [unknownStatus]: {
    isResolvedByStripe: true,
    needsRefetch: true,
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

/** Why an event waits, in the words of `t`; null for one that does not. */
export function explainWaiting(
  event: WaitingEvent,
  t = getTranslator(fallbackLocale),
): ParkedReasonDto | null {
  const phrases = waitingPhrases(event);
  return (
    phrases && {
      why: t(phrases.why.key, phrases.why.values),
      freedBy: t(phrases.freedBy.key, phrases.freedBy.values),
    }
  );
}

/** What decides why an event waits. */
interface WaitingEvent {
  status: string;
  detail: string | null;
  failures: number;
}

/** Why an event waits, and what frees it, to be worded later; null for one that does not. */
export function waitingPhrases(event: WaitingEvent): { why: Phrase; freedBy: Phrase } | null {
  if (event.status !== 'parked' && event.status !== 'failed') return null;
  const parked = findReason(event.detail ?? '') === undefined ? 'other' : event.detail;
  const key = `parkedEvent.${event.status === 'failed' ? 'failed' : parked}`;
  const values = { failures: event.failures, apiVersion: Stripe.API_VERSION };
  return { why: { key: `${key}.why`, values }, freedBy: { key: `${key}.freedBy`, values } };
}

function findReason(detail: string): ParkedReasonRule | undefined {
  return Object.hasOwn(reasons, detail) ? reasons[detail] : undefined;
}
