import Stripe from 'stripe';
import { CircuitBreaker } from '../../platform/circuit-breaker.js';
import type { Config } from '../../platform/config/config.js';
import { toDomainError } from './stripe-errors.js';
import { createGuardedHttpClient } from './stripe-http.js';

/** The DI token of the SDK's client. */
export const STRIPE = Symbol('stripe');

/**
 * The SDK's client for the configured account, or for whatever answers at STRIPE_API_BASE. Its calls go through `circuit`,
 * which also repeats them, so that one budget bounds all that is asked again.
 */
export function createStripeClient(
  config: Config,
  circuit = new CircuitBreaker(config.stripeLimits),
): Stripe {
  const base = config.stripeApiBase === null ? null : new URL(config.stripeApiBase);
  return new Stripe(config.stripeSecretKey ?? 'sk_test_unset', {
    httpClient: createGuardedHttpClient(circuit),
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
 * Runs a call to Stripe. Errors: `billing.busy`, `billing.stripe_unreachable`, `billing.stripe_refused`,
 * `billing.stripe_key_refused`; see {@link toDomainError}.
 */
export async function callStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDomainError(error);
  }
}
