import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StripeEvent } from '../../support/stripe-payloads.js';

type StripeObject = Record<string, unknown> & { id: string };

/**
 * What is true at Stripe once a history has happened: the last state of each of its objects. It answers the few questions
 * that we ask where events contradict each other.
 */
export class StripeTruth {
  private readonly objects = new Map<string, StripeObject>();
  private readonly server = createServer((request, response) => this.answer(request, response));
  asked = 0;

  /** Starts to listen; answers the address. */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Makes a history true, told in the order in which it happened. */
  happens(events: readonly StripeEvent[]): void {
    for (const { object } of events.map((event) => event.data))
      this.objects.set(String(object.id), object as StripeObject);
  }

  /** Forgets a history. */
  forget(events: readonly StripeEvent[]): void {
    for (const { object } of events.map((event) => event.data)) this.objects.delete(String(object.id));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.asked++;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe.test');
    const [, , resource, id] = pathname.split('/');
    const found = id === undefined ? this.list(resource, searchParams) : this.objects.get(id);
    response.setHeader('content-type', 'application/json');
    response.statusCode = found === undefined ? 404 : 200;
    response.end(JSON.stringify(found ?? missing));
  }

  private list(resource = '', of: URLSearchParams): object {
    const kind = resource === 'invoice_payments' ? 'invoice_payment' : resource.replace(/s$/, '');
    const payment = of.get('payment_intent') ?? of.get('payment[payment_intent]');
    const data = [...this.objects.values()].filter(
      (object) => object.object === kind && paymentOf(object) === payment,
    );
    return { object: 'list', url: `/v1/${resource}`, has_more: false, data };
  }
}

const missing = {
  error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' },
};

function paymentOf(object: StripeObject): unknown {
  const { payment_intent: direct, payment } = object;
  return direct ?? (payment as { payment_intent?: unknown } | undefined)?.payment_intent;
}
