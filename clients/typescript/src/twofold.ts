import { Events } from './events.js';
import { Http, type TwofoldOptions } from './http.js';
import { Disputes, Payments, Refunds, StripeEvents, Subscriptions } from './payments.js';
import { People } from './people.js';
import { WebhookEndpoints } from './webhook-endpoints.js';

/**
 * Calls of Twofold from your servers. They reject with {@link TwofoldError}. Those that failed for
 * a passing reason (no answer, 429, 5xx) are repeated where that does no harm.
 */
export class Twofold {
  readonly people: People;
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly disputes: Disputes;
  readonly subscriptions: Subscriptions;
  readonly stripe: StripeEvents;
  readonly events: Events;
  readonly webhookEndpoints: WebhookEndpoints;

  constructor(options: TwofoldOptions) {
    const http = new Http(options);
    this.people = new People(http);
    this.payments = new Payments(http);
    this.refunds = new Refunds(http);
    this.disputes = new Disputes(http);
    this.subscriptions = new Subscriptions(http);
    this.stripe = new StripeEvents(http);
    this.events = new Events(http);
    this.webhookEndpoints = new WebhookEndpoints(http);
  }
}
