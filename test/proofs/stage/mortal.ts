import Stripe from 'stripe';
import { proxyTo, type Cut } from '../../support/postgres-proxy.js';
import { startProcess } from '../../support/process.js';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import { webhookSecret, type World } from '../../support/world.js';

const stripe = new Stripe('sk_test_signing_only');

/** A process of its own that takes deliveries, and can be killed at any statement that it sends to the database. */
export interface Mortal {
  /** Whether the delivery was acknowledged; a process that died acknowledges nothing. */
  take(event: StripeEvent): Promise<boolean>;
  /** From now on: SIGKILL at this statement. Without one it only counts. */
  dieAt(cut?: Cut): void;
  readonly passed: readonly string[];
  readonly isDead: boolean;
  end(): Promise<void>;
}

/** Starts one on the database of `world`. */
export async function startMortal(world: World): Promise<Mortal> {
  const road = await proxyTo(world.config.databaseUrl ?? '');
  const app = await startProcess({
    DATABASE_URL: road.url,
    DATABASE_POOL_MAX: '4',
    ROLE: 'web',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: world.config.stripeSecretKey ?? '',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: world.config.stripeApiBase ?? '',
  });
  return {
    take: (event) => delivered(app.url, event),
    dieAt: (cut) => road.arm(cut, () => app.kill()),
    get passed() {
      return road.passed;
    },
    get isDead() {
      return road.isCut;
    },
    end: async () => {
      if (!road.isCut) await app.kill();
      await road.close();
    },
  };
}

async function delivered(url: string, event: StripeEvent): Promise<boolean> {
  const payload = JSON.stringify(event);
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': header };
  const request = { method: 'POST', body: payload, headers };
  const answer = await fetch(`${url}/webhooks/stripe`, request).catch(() => null);
  return answer?.ok ?? false;
}
