import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import Stripe from 'stripe';
import type { ManualClock } from '../../src/platform/clock.js';
import type { Person } from './given.js';
import { event, invoice, type StripeEvent } from './stripe-payloads.js';
import { webhookSecret } from './world.js';

const stripe = new Stripe('sk_test_signing_only');

/** How a delivery was answered. */
export interface DeliveryResult {
  status: number;
  outcome: string | undefined;
  detail: string | undefined;
}

/** What happens in a story. */
export class When {
  constructor(
    private readonly app: NestFastifyApplication,
    private readonly clock: ManualClock,
  ) {}

  /** Unix seconds of this world's present. */
  get seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }

  /** The event of a person's payment now; `more` replaces fields of the invoice. */
  invoicePaid(person: Person, more: Record<string, unknown> = {}): StripeEvent {
    return event('invoice.paid', invoice(person.payer, this.seconds, more), this.seconds);
  }

  /** Delivers an event, signed as Stripe does. */
  async stripeSends(sent: StripeEvent): Promise<DeliveryResult> {
    const payload = JSON.stringify(sent);
    const header = stripe.webhooks.generateTestHeaderString({
      payload,
      secret: webhookSecret,
      timestamp: this.seconds,
    });
    const answer = await this.app.inject({
      method: 'POST',
      url: '/webhooks/stripe',
      payload,
      headers: { 'content-type': 'application/json', 'stripe-signature': header },
    });
    const { outcome, detail } = answer.json<{ outcome?: string; detail?: string }>();
    return { status: answer.statusCode, outcome, detail };
  }

  /** Delivers all of them at the same time. */
  stripeSendsAtOnce(sent: StripeEvent[]): Promise<DeliveryResult[]> {
    return Promise.all(sent.map((one) => this.stripeSends(one)));
  }

  /** A person pays for the first time, or again. */
  pays(person: Person): Promise<DeliveryResult> {
    return this.stripeSends(this.invoicePaid(person));
  }
}
