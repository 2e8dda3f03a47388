import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';
import { handledEventTypes } from '../../src/billing/webhooks/stripe-event-types.js';

/** A webhook endpoint at Stripe. */
export interface Endpoint {
  id: string;
  object: 'webhook_endpoint';
  url: string;
  api_version: string | null;
  enabled_events: string[];
  status: 'enabled' | 'disabled';
}

/** The webhook endpoints of an account at Stripe, over its API; nothing else is there. */
export class StripeEndpoints {
  readonly endpoints: Endpoint[] = [];
  readonly url: string;
  private readonly server = createServer((request, response) => {
    void this.answer(request).then((body) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    });
  });

  constructor(baseUrl: string) {
    this.url = `${baseUrl}/webhooks/stripe`;
  }

  /** Starts it, and answers its address. */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  /** One that is as it should be, but for `more`. */
  endpoint(more: Partial<Endpoint> = {}): Endpoint {
    return {
      ...{
        id: `we_${this.endpoints.length + 1}`,
        object: 'webhook_endpoint',
        status: 'enabled',
        url: this.url,
      },
      ...{ api_version: Stripe.API_VERSION, enabled_events: [...handledEventTypes] },
      ...more,
    };
  }

  private async answer(request: IncomingMessage): Promise<object> {
    const path = '/v1/webhook_endpoints';
    if (request.method === 'GET') return { object: 'list', url: path, data: this.endpoints, has_more: false };
    const fields = new URLSearchParams(await text(request));
    const types = [...fields].filter(([name]) => name.startsWith('enabled_events')).map(([, type]) => type);
    const isEnabled = fields.get('disabled') === 'false' ? { status: 'enabled' } : {};
    const known = this.endpoints.find(({ id }) => request.url === `${path}/${id}`);
    if (known !== undefined) return Object.assign(known, { enabled_events: types, ...isEnabled });
    const made = this.endpoint({ api_version: fields.get('api_version'), enabled_events: types });
    made.url = fields.get('url') ?? '';
    this.endpoints.push(made);
    return { ...made, secret: 'whsec_shown_once' };
  }
}
