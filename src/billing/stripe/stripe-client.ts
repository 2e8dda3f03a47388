import Stripe from 'stripe';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CircuitBreaker, CircuitOpenError, type CircuitState } from '../../platform/circuit-breaker.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Log } from '../../platform/observability/logging/log.js';
import { registry } from '../../platform/observability/metrics/process-metrics.js';
import { toDomainError } from './stripe-errors.js';
import { createGuardedHttpClient } from './stripe-http.js';

/** The DI token of the SDK's client. */
export const STRIPE = Symbol('stripe');

/**
 * The SDK's client for the configured account, or for whatever answers at STRIPE_API_BASE. Its
 * calls go through `circuit`, which also repeats them, so that one budget bounds all that is asked
 * again.
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
 * Runs a call to Stripe. Errors: `billing.busy`, `billing.stripe_unreachable`,
 * `billing.stripe_refused`, `billing.stripe_key_refused`; see {@link toDomainError}.
 */
export async function callStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDomainError(error);
  }
}

const circuitOpenGauge = new Gauge({
  name: 'twofold_stripe_circuit_open',
  help: '1 while requests to Stripe are paused after repeated failures',
  registers: [registry],
});

/** Whether this process asks Stripe anything at present. All its calls share it. */
@Injectable()
export class StripeCircuit extends CircuitBreaker {
  constructor(@Inject(CONFIG) config: Config, log: Log) {
    let wasOpen = false;
    super(config.stripeLimits, (state: CircuitState) => {
      circuitOpenGauge.set(state === 'closed' ? 0 : 1);
      if (state === 'open' && !wasOpen) log.alert('billing.stripe_unavailable', {});
      if (state === 'closed') new Logger('billing').log({ msg: 'billing.stripe_available_again' });
      wasOpen = state !== 'closed';
    });
  }

  /**
   * Whether work failed because Stripe is away: then it is only late, and no failure of its own.
   */
  isOutage(error: unknown): boolean {
    const links = errorChain(error);
    return wasBlockedByCircuit(error) || (!this.isClosed && links.some(isStripeOutage));
  }
}

/** Whether a call failed because the circuit was open, so that Stripe was not even asked. */
export function wasBlockedByCircuit(error: unknown): boolean {
  return errorChain(error).some((link) => link instanceof CircuitOpenError);
}

function isStripeOutage(error: unknown): boolean {
  const { StripeAPIError, StripeConnectionError, StripeRateLimitError } = Stripe.errors;
  return [StripeAPIError, StripeConnectionError, StripeRateLimitError].some((kind) => error instanceof kind);
}

/** An error, what it was made of, and so on: our own keep it as `cause`, the SDK's as `detail`. */
function errorChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link instanceof Error && chain.length < 10;) {
    chain.push(link);
    link = link.cause ?? (link as { detail?: unknown }).detail;
  }
  return chain;
}
