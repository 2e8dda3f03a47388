import Stripe from 'stripe';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.js';
import type { Config } from '../../src/platform/config/config.js';
import { createEmptyDatabase, type TestDatabase } from './database.js';
import type { Person } from './given.js';
import type { StripeEvent } from './stripe-payloads.js';
import { StripeProxy } from './stripe-proxy.js';
import { createWorld, webhookSecret, type World } from './world.js';

/**
 * A world whose Stripe is the sandbox, reached by the real SDK over loopback. Its events are
 * delivered by {@link deliverEvents}.
 */
export interface SandboxWorld {
  world: World;
  stripe: Stripe;
  proxy: StripeProxy;
  /**
   * Subscribes `person` and pays; the events wait for {@link deliverEvents}. Answers the
   * subscription's id.
   */
  subscribe(person: Person): Promise<string>;
  /** Delivers all events that the sandbox has not delivered yet, oldest first. */
  deliverEvents(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a stand; the time of its world is the sandbox's, the machine's own. */
export async function createSandboxWorld(change: Partial<Config> = {}): Promise<SandboxWorld> {
  const database: TestDatabase = await createEmptyDatabase();
  const sandbox: Sandbox = await startSandbox({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    webhookUrl: 'http://127.0.0.1:9/webhooks/stripe',
    webhookSecret,
  });
  const proxy = new StripeProxy();
  proxy.target = sandbox.url;
  const stripeApiBase = await proxy.start();
  const world = await createWorld({ ...change, stripeApiBase });
  world.clock.set(new Date());
  const { hostname, port } = new URL(sandbox.url);
  const stripe = new Stripe('sk_test_stand', { host: hostname, port, protocol: 'http' });
  const delivered = new Set<string>();
  return {
    world,
    stripe,
    proxy,
    subscribe: async (person) => {
      const customer = await stripe.customers.create({ email: person.email });
      person.payer.customer = customer.id;
      await world.given.linkCustomer(person);
      const session = await stripe.checkout.sessions.create({
        mode: 'subscription',
        customer: customer.id,
        line_items: [{ price: 'price_twofold_monthly', quantity: 1 }],
        success_url: 'http://app.test/done',
        cancel_url: 'http://app.test/back',
      });
      await fetch(new URL(`/checkout/${session.id}`, sandbox.url), {
        method: 'POST',
        body: new URLSearchParams({ card: 'own' }),
        headers: { origin: new URL(sandbox.url).origin },
        redirect: 'manual',
      });
      const { data } = await stripe.subscriptions.list({ customer: customer.id });
      if (data[0] === undefined) throw new Error('The sandbox made no subscription');
      return data[0].id;
    },
    deliverEvents: async () => {
      const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
      for (const event of events.reverse())
        if (!delivered.has(event.id)) {
          delivered.add(event.id);
          await world.when.stripeSends(event as unknown as StripeEvent);
        }
      // what is found from here on is newer than these events
      world.clock.set(new Date(Math.max(world.clock.now().getTime(), Date.now())));
    },
    close: async () => {
      await world.close();
      await proxy.stop();
      await sandbox.stop();
      await database.drop();
    },
  };
}
