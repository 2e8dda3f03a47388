import { Events } from './events.js';
import { Http, type TwofoldOptions } from './http.js';
import { Disputes, Payments, Refunds, StripeEvents, Subscriptions } from './payments.js';
import { People } from './people.js';
import { signSsoLink, type SsoLink } from './sso.js';
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

  private readonly baseUrl: string;

  constructor(options: TwofoldOptions) {
    const http = new Http(options);
    this.baseUrl = options.baseUrl;
    this.people = new People(http);
    this.payments = new Payments(http);
    this.refunds = new Refunds(http);
    this.disputes = new Disputes(http);
    this.subscriptions = new Subscriptions(http);
    this.stripe = new StripeEvents(http);
    this.events = new Events(http);
    this.webhookEndpoints = new WebhookEndpoints(http);
  }

  /**
   * A link that signs a person in to the pages of Twofold. It works once, within two minutes: make
   * it when the person asks for the page, and redirect to it.
   */
  ssoLink({ baseUrl = this.baseUrl, ...link }: SsoLink): Promise<string> {
    return signSsoLink(baseUrl.replace(/\/+$/, ''), link);
  }
}
