import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type StripeObject = Record<string, unknown> & { id: string };

/** Lists by their path, and the parameters that pick from them. */
const lists: Record<string, { kind: string; by: string[] }> = {
  '/v1/invoice_payments': { kind: 'invoice_payment', by: ['payment_intent', 'charge', 'invoice'] },
  '/v1/refunds': { kind: 'refund', by: ['payment_intent', 'charge'] },
  '/v1/disputes': { kind: 'dispute', by: ['payment_intent', 'charge'] },
  '/v1/invoices': { kind: 'invoice', by: ['customer', 'status'] },
  '/v1/subscriptions': { kind: 'subscription', by: ['customer'] },
  '/v1/credit_notes': { kind: 'credit_note', by: [] },
  '/v1/radar/early_fraud_warnings': { kind: 'radar.early_fraud_warning', by: [] },
  '/v1/events': { kind: 'event', by: [] },
};
const maxEmbedded = 10;

/**
 * Stripe's API for reading, with objects that a test has put into it. As at Stripe an object comes
 * with ten entries of each of its lists, and every list comes in pages, newest first.
 */
export class FakeStripe {
  /** What was asked, as paths with parameters. */
  readonly requests: string[] = [];
  /** It answers 503, and says that trying again at once is of no use. */
  isDown: boolean;
  private readonly objects = new Map<string, StripeObject>();
  private readonly server = createServer((request, response) => this.answer(request.url ?? '/', response));

  constructor({ isDown = false }: { isDown?: boolean } = {}) {
    this.isDown = isDown;
  }

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

  /** Puts objects into it; one of the same id is replaced. */
  put(...objects: Record<string, unknown>[]): void {
    for (const object of objects) this.objects.set(String(object.id), object as StripeObject);
  }

  /** An object as an event or an answer shows it: with the first entries of its lists. */
  withTruncatedLists<T extends Record<string, unknown>>(object: T): T {
    const cut = Object.entries(object).map(([name, value]) => [
      name,
      isList(value) ? truncateList(value) : value,
    ]);
    return Object.fromEntries(cut) as T;
  }

  private answer(url: string, response: ServerResponse): void {
    this.requests.push(url);
    const { pathname, searchParams } = new URL(url, 'http://stripe.test');
    response.setHeader('content-type', 'application/json');
    const found = this.isDown ? undefined : this.findAnswer(pathname, searchParams);
    if (this.isDown) response.setHeader('stripe-should-retry', 'false');
    response.statusCode = this.isDown ? 503 : found === undefined ? 404 : 200;
    response.end(JSON.stringify(found ?? (this.isDown ? unavailableBody : notFoundBody)));
  }

  private findAnswer(path: string, of: URLSearchParams): object | undefined {
    const [, , resource = '', id = '', part] = path.split('/');
    if (part === 'lines') return toPage(path, listIn(this.objects.get(id), 'lines'), of);
    if (path === '/v1/subscription_items')
      return toPage(path, listIn(this.objects.get(of.get('subscription') ?? ''), 'items'), of);
    const list = lists[path];
    if (list !== undefined) return toPage(path, this.filterObjects(list, of), of);
    const object = this.objects.get(resource === 'radar' ? String(part) : id);
    return object === undefined ? undefined : this.withTruncatedLists(object);
  }

  private filterObjects({ kind, by }: { kind: string; by: string[] }, of: URLSearchParams): StripeObject[] {
    const all = [...this.objects.values()].reverse().filter(({ object }) => object === kind);
    const picked = all.filter((object) =>
      by.every((name) => {
        const wanted = of.get(name) ?? of.get(`payment[${name}]`);
        const own = object[name] ?? (object.payment as Record<string, unknown> | undefined)?.[name];
        return wanted === null || own === wanted;
      }),
    );
    return picked.map((object) => this.withTruncatedLists(object));
  }
}

interface List {
  object: 'list';
  data: StripeObject[];
}

function isList(value: unknown): value is List {
  return typeof value === 'object' && value !== null && 'object' in value && value.object === 'list';
}

function listIn(object: StripeObject | undefined, name: string): StripeObject[] {
  const list = object?.[name];
  return isList(list) ? list.data : [];
}

function truncateList(list: List): object {
  const data = list.data.slice(0, maxEmbedded);
  return { ...list, data, has_more: data.length < list.data.length, total_count: list.data.length };
}

function toPage(url: string, all: StripeObject[], of: URLSearchParams): object {
  const start = all.findIndex(({ id }) => id === of.get('starting_after')) + 1;
  const data = all.slice(start, start + Number(of.get('limit') ?? 10));
  return { object: 'list', url, data, has_more: start + data.length < all.length };
}

const notFoundBody = {
  error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' },
};
const unavailableBody = { error: { type: 'api_error', message: 'Down' } };
