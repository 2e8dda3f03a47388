import { Inject, Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import Stripe from 'stripe';
import { CircuitBreaker, CircuitOpenError, type CircuitState } from '../platform/circuit-breaker.js';
import type { Config } from '../platform/config.js';
import { Log } from '../platform/log.js';
import { registry } from '../platform/metrics/registry.js';
import { CONFIG } from '../platform/tokens.js';

const open = new Gauge({
  name: 'twofold_stripe_circuit_open',
  help: '1 while Stripe is asked nothing, because it failed too often just before',
  registers: [registry],
});

/** Whether this process asks Stripe anything at present. All its calls share it. */
@Injectable()
export class StripeCircuit extends CircuitBreaker {
  constructor(@Inject(CONFIG) config: Config, log: Log) {
    let wasOpen = false;
    super(config.stripeLimits, (state: CircuitState) => {
      open.set(state === 'closed' ? 0 : 1);
      if (state === 'open' && !wasOpen) log.alert('billing.stripe_unavailable', {});
      if (state === 'closed') new Logger('billing').log({ msg: 'billing.stripe_available_again' });
      wasOpen = state !== 'closed';
    });
  }

  /** Whether work failed because Stripe is away: then it is only late, and no failure of its own. */
  explains(error: unknown): boolean {
    const links = chainOf(error);
    return wasNotAsked(error) || (!this.isClosed && links.some(isOutage));
  }
}

/** Whether a call failed because the circuit was open, so that Stripe was not even asked. */
export function wasNotAsked(error: unknown): boolean {
  return chainOf(error).some((link) => link instanceof CircuitOpenError);
}

function isOutage(error: unknown): boolean {
  const { StripeAPIError, StripeConnectionError, StripeRateLimitError } = Stripe.errors;
  return [StripeAPIError, StripeConnectionError, StripeRateLimitError].some((kind) => error instanceof kind);
}

/** An error, what it was made of, and so on: our own keep it as `cause`, the SDK's as `detail`. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link instanceof Error && chain.length < 10;) {
    chain.push(link);
    link = link.cause ?? (link as { detail?: unknown }).detail;
  }
  return chain;
}
