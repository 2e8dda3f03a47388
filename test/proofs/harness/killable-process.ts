import Stripe from 'stripe';
import { startProxy, type ConnectionCut } from '../../support/postgres-proxy.js';
import { startProcess } from '../../support/process.js';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import { webhookSecret, type World } from '../../support/world.js';

const stripe = new Stripe('sk_test_signing_only');

/**
 * A process of its own that takes deliveries, and can be killed at any statement that it sends to
 * the database.
 */
export interface KillableProcess {
  /** Whether the delivery was acknowledged; a process that died acknowledges nothing. */
  deliver(event: StripeEvent): Promise<boolean>;
  /** From now on: SIGKILL at this statement. Without one it only counts. */
  killAt(cut?: ConnectionCut): void;
  readonly statements: readonly string[];
  /** Where it listens. */
  readonly url: string;
  readonly isKilled: boolean;
  stop(): Promise<void>;
}

/** Starts one on the database of `world`. */
export async function startKillableProcess(world: World): Promise<KillableProcess> {
  const proxy = await startProxy(world.config.databaseUrl ?? '');
  const app = await startProcess({
    DATABASE_URL: proxy.url,
    DATABASE_POOL_MAX: '4',
    ROLE: 'web',
    SECRET_KEY: world.config.secretKeys.join(','),
    STRIPE_SECRET_KEY: world.config.stripeSecretKey ?? '',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    PADDLE_WEBHOOK_SECRET: world.config.paddleWebhookSecrets.join(','),
    STRIPE_API_BASE: world.config.stripeApiBase ?? '',
  });
  return {
    deliver: (event) => isAcknowledged(app.url, event),
    url: app.url,
    killAt: (cut) => proxy.cutAt(cut, () => app.kill()),
    get statements() {
      return proxy.statements;
    },
    get isKilled() {
      return proxy.isCut;
    },
    stop: async () => {
      if (!proxy.isCut) await app.kill();
      await proxy.close();
    },
  };
}

async function isAcknowledged(url: string, event: StripeEvent): Promise<boolean> {
  const payload = JSON.stringify(event);
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': header };
  const request = { method: 'POST', body: payload, headers };
  const answer = await fetch(`${url}/webhooks/stripe`, request).catch(() => null);
  return answer?.ok ?? false;
}
