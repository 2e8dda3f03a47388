import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StripeEvent } from '../../support/stripe-payloads.js';

type StripeObject = Record<string, unknown> & { id: string };

/**
 * What is true at Stripe once a history has happened: the last state of each of its objects. It
 * answers the few questions that we ask where events contradict each other.
 */
export class StripeState {
  private readonly objects = new Map<string, StripeObject>();
  private readonly events = new Set<StripeEvent>();
  private readonly server = createServer((request, response) => this.answer(request, response));
  requestCount = 0;

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

  /** Makes a history true, reported in the order in which it happened. */
  add(events: readonly StripeEvent[]): void {
    for (const event of events) {
      this.events.add(event);
      this.objects.set(String(event.data.object.id), event.data.object as StripeObject);
    }
  }

  /** Forgets a history. */
  remove(events: readonly StripeEvent[]): void {
    for (const event of events) {
      this.events.delete(event);
      this.objects.delete(String(event.data.object.id));
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.requestCount++;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe.test');
    const [, , resource, id] = pathname.split('/');
    const found = id === undefined ? this.list(resource, searchParams) : this.objects.get(id);
    response.setHeader('content-type', 'application/json');
    response.statusCode = found === undefined ? 404 : 200;
    response.end(JSON.stringify(found ?? missing));
  }

  /** Newest first, of some types, made in a span of seconds; a page holds a hundred. */
  private listEvents(of: URLSearchParams): object {
    const types = new Set([...of].filter(([name]) => name.startsWith('types')).map(([, type]) => type));
    const [from, until] = [Number(of.get('created[gte]')), Number(of.get('created[lt]'))];
    const made = [...this.events].filter(
      ({ type, created }) => types.has(type) && created >= from && created < until,
    );
    const data = made.sort((one, other) => other.created - one.created).slice(0, 100);
    return { object: 'list', url: '/v1/events', has_more: data.length < made.length, data };
  }

  private list(resource = '', of: URLSearchParams): object {
    if (resource === 'events') return this.listEvents(of);
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
