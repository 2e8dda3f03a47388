import Stripe from 'stripe';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { WebhookReceiver, WEBHOOK_SECRET } from './webhook-receiver.js';

/**
 * A sandbox on a database of its own, an app that receives its webhooks, and the real SDK pointed
 * at it.
 */
export class SandboxFixture {
  stripe: Stripe;
  private constructor(
    private readonly database: TestDatabase,
    readonly webhookReceiver: WebhookReceiver,
    private sandbox: Sandbox,
  ) {
    this.stripe = createSdk(sandbox.url);
  }

  static async open(): Promise<SandboxFixture> {
    const database = await createEmptyDatabase();
    const webhookReceiver = new WebhookReceiver();
    await webhookReceiver.start();
    return new SandboxFixture(database, webhookReceiver, await start(database, webhookReceiver));
  }

  get url(): string {
    return this.sandbox.url;
  }

  /** Stops the sandbox; `start` brings it back on the same data. */
  stop(): Promise<void> {
    return this.sandbox.stop();
  }

  async start(): Promise<void> {
    this.sandbox = await start(this.database, this.webhookReceiver);
    this.stripe = createSdk(this.sandbox.url);
  }

  async close(): Promise<void> {
    await this.sandbox.stop();
    await this.webhookReceiver.stop();
    await this.database.drop();
  }

  /** Sends a form as a page of the sandbox would. */
  submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return fetch(new URL(path, this.url), {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: new URL(this.url).origin, ...headers },
      redirect: 'manual',
    });
  }

  /**
   * Presses a button through the control API, and answers what it says. *errors* throws what it was
   * refused with
   */
  async runAction(path: string, fields: object = {}): Promise<Record<string, unknown>> {
    const answer = await fetch(new URL(`/sandbox/${path}`, this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    const said: Record<string, unknown> = await answer.json();
    if (answer.status !== 200) throw new Error(JSON.stringify(said.error));
    return said;
  }

  /** The types of the events about an object, in the order in which they happened. */
  async eventTypesOf(id: string): Promise<string[]> {
    const types: string[] = [];
    for await (const event of this.stripe.events.list({ limit: 100 }))
      if ('id' in event.data.object && event.data.object.id === id) types.unshift(event.type);
    return types;
  }

  async page(path: string): Promise<string> {
    return (await fetch(new URL(path, this.url))).text();
  }

  /** A checkout for the monthly price, not yet paid. */
  checkout(more: Stripe.Checkout.SessionCreateParams = {}): Promise<Stripe.Checkout.Session> {
    return this.stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: 'price_twofold_monthly', quantity: 1 }],
      success_url: 'http://app.test/done?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'http://app.test/back',
      ...more,
    });
  }

  /** A person who has paid a checkout: the customer, the live subscription and its charge. */
  async subscriber(email = 'anna@example.test') {
    const customer = await this.stripe.customers.create({ email });
    const session = await this.checkout({ customer: customer.id });
    await this.submit(`/checkout/${session.id}`, { card: 'own' });
    const subscription = onlyItem((await this.stripe.subscriptions.list({ customer: customer.id })).data);
    const charge = onlyItem((await this.stripe.charges.list({ customer: customer.id })).data);
    return { customer, session, subscription, charge };
  }
}

/** The one entry of a list. *errors* throws when there is none, or more. */
export function onlyItem<T>(list: T[]): T {
  const [one, ...more] = list;
  if (one === undefined || more.length > 0) throw new Error(`expected one, found ${list.length}`);
  return one;
}

function start(database: TestDatabase, webhookReceiver: WebhookReceiver): Promise<Sandbox> {
  return startSandbox({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    webhookUrl: webhookReceiver.url,
    webhookSecret: WEBHOOK_SECRET,
  });
}

function createSdk(url: string): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe('sk_test_sandbox', { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
}
