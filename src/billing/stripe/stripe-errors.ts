import { Logger } from '@nestjs/common';
import Stripe from 'stripe';
import { CircuitOpenError } from '../../platform/circuit-breaker.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { alertCounter } from '../../platform/observability/metrics/process-metrics.js';

/**
 * What an error of Stripe's means to the caller. `busy`: the same request is being worked on.
 * `unreachable`: no answer, or a failure of Stripe's own, so the same request may succeed later.
 * `refused`: it will be refused again as it is. `key_refused`: every request will be, until the
 * operator repairs the key.
 */
export type StripeFailure = 'busy' | 'unreachable' | 'refused' | 'key_refused';

/** The code of our error for each. */
export const stripeErrorCodes = {
  busy: 'billing.busy',
  unreachable: 'billing.stripe_unreachable',
  refused: 'billing.stripe_refused',
  key_refused: 'billing.stripe_key_refused',
} as const satisfies Record<StripeFailure, ErrorCode>;

const log = new Logger('stripe');

/**
 * Decided by the HTTP status: `type` and `code` are missing from some answers, and new ones appear.
 */
export function classifyStripeError(error: Stripe.errors.StripeError): StripeFailure {
  const { StripeIdempotencyError, StripeRateLimitError } = Stripe.errors;
  const status = error.statusCode;
  if (error instanceof StripeIdempotencyError || status === 409) return 'busy';
  if (status === 401 || status === 403) return 'key_refused';
  if (error instanceof StripeRateLimitError || !isClientError(status)) return 'unreachable';
  return 'refused';
}

/**
 * An error of Stripe as our own, logged with Stripe's request id and code; any other error as it
 * is. A refusal is `isPermanent`: a job is not tried again for it.
 */
export function toDomainError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const failure = classifyStripeError(error);
  logFailure(failure, error);
  return new DomainError(stripeErrorCodes[failure], {
    detail: detailOf(failure, error),
    extensions: errorDetails(error),
    isPermanent: failure === 'refused',
    cause: error,
  });
}

/**
 * The code with which Stripe refused permanently, as in {@link toDomainError}; null for any other
 * error.
 */
export function refusalCode(error: unknown): string | null {
  if (!(error instanceof DomainError) || error.code !== stripeErrorCodes.refused) return null;
  return error.cause instanceof Stripe.errors.StripeError ? (error.cause.code ?? 'refused') : 'refused';
}

/**
 * Whether every other call to Stripe would fail as well: Stripe is unreachable, hangs, or refuses
 * the key. A refusal, or a right that the key lacks, is about one thing only.
 */
export function isStripeUnreachable(error: unknown): error is DomainError {
  if (!(error instanceof DomainError)) return false;
  const isUnknownKey = error.cause instanceof Stripe.errors.StripeError && error.cause.statusCode === 401;
  return error.code === stripeErrorCodes.unreachable || isUnknownKey;
}

/** Whether Stripe has no such object: of an error of Stripe, or of our own that was made of it. */
export function isStripeObjectMissing(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : error;
  return cause instanceof Stripe.errors.StripeError && cause.code === 'resource_missing';
}

/**
 * Whether Stripe repeats this answer for a day to the same idempotency key. Of a request that is
 * still being worked on it keeps the result, so the key must stay.
 */
export function isCachedForIdempotencyKey(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : error;
  if (!(cause instanceof Stripe.errors.StripeError) || cause.statusCode === undefined) return false;
  return classifyStripeError(cause) === 'refused' || cause.statusCode >= 500;
}

/** Whether Stripe has kept the idempotency key for a request that asked for something else. */
export function isIdempotencyKeyReused(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : error;
  return cause instanceof Stripe.errors.StripeIdempotencyError && cause.statusCode === 400;
}

function isClientError(status: number | undefined): boolean {
  // 408 and 424 blame a network or a service behind Stripe
  return status !== undefined && status >= 400 && status < 500 && ![408, 424, 429].includes(status);
}

function logFailure(failure: StripeFailure, error: Stripe.errors.StripeError): void {
  if (failure === 'key_refused') {
    alertCounter.inc({ name: 'billing.stripe_key_refused' });
    log.error({ msg: 'billing.stripe_key_refused', alert: true, err: error });
  } else if (reachedStripe(error)) log.warn({ msg: `stripe.${failure}`, err: error });
}

/** While the circuit is open nothing is asked; that it opened was logged once. */
function reachedStripe({ detail }: Stripe.errors.StripeError): boolean {
  return !((detail as unknown) instanceof CircuitOpenError);
}

function detailOf(failure: StripeFailure, { code }: Stripe.errors.StripeError): string {
  switch (failure) {
    case 'busy':
      return 'Another request of yours is in progress. Try again in a moment.';
    case 'unreachable':
      return 'Stripe did not complete the request. Nothing was charged. Please try again.';
    case 'key_refused':
      return 'Stripe does not accept the key of this installation. Nothing was charged. Ask the operator to set a valid key.';
    case 'refused':
      return `Stripe rejected this${code === undefined ? '' : ` (${code})`}. Nothing was charged. Trying again will not help, please contact support.`;
  }
}

function errorDetails({ code, requestId }: Stripe.errors.StripeError): Record<string, unknown> {
  return {
    ...(code === undefined ? {} : { stripeCode: code }),
    ...(requestId === undefined ? {} : { stripeRequestId: requestId }),
  };
}
