import Stripe from 'stripe';
import { CircuitBreaker } from '../platform/circuit-breaker.js';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { guardedHttpClient } from './stripe-http.js';

/** The DI token of the SDK's client. */
export const STRIPE = Symbol('stripe');

/**
 * The SDK's client for the configured account, or for whatever answers at STRIPE_API_BASE. Its calls go through `circuit`,
 * which also repeats them, so that one budget bounds all that is asked again.
 */
export function stripeClient(config: Config, circuit = new CircuitBreaker(config.stripeLimits)): Stripe {
  const base = config.stripeApiBase === null ? null : new URL(config.stripeApiBase);
  return new Stripe(config.stripeSecretKey ?? 'sk_test_unset', {
    httpClient: guardedHttpClient(circuit),
    maxNetworkRetries: 0,
    timeout: config.stripeLimits.timeoutMs,
    telemetry: false,
    ...(base === null
      ? {}
      : {
          host: base.hostname,
          port: base.port || (base.protocol === 'https:' ? '443' : '80'),
          protocol: base.protocol === 'https:' ? 'https' : 'http',
        }),
  });
}

/**
 * Runs a call to Stripe. Errors: `billing.busy` when the same idempotency key came with another request;
 * `billing.stripe_unreachable` when it fails for any other reason.
 */
export async function askStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeIdempotencyError)
      throw new DomainError('billing.busy', {
        detail: 'Another request of yours is being worked on. Try again in a moment.',
        cause: error,
      });
    if (error instanceof Stripe.errors.StripeError)
      throw new DomainError('billing.stripe_unreachable', {
        detail: 'Stripe did not do this. Nothing was charged; try again.',
        cause: error,
      });
    throw error;
  }
}

/** Whether an error of {@link askStripe} is Stripe's own answer, which it repeats for a day to whoever asks under the same key. */
export function isRepeated(error: unknown): boolean {
  const { StripeAPIError, StripeInvalidRequestError } = Stripe.errors;
  if (!(error instanceof DomainError)) return false;
  return error.cause instanceof StripeAPIError || error.cause instanceof StripeInvalidRequestError;
}
