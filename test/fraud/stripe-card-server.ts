import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Stripe that knows nothing but with which card each customer paid. */
export class StripeCardServer {
  private readonly cards = new Map<string, string>();
  private readonly failing = new Set<string>();
  private server: Server | undefined;

  /** Answers its address. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const customer = new URL(request.url ?? '/', 'http://stripe').searchParams.get('customer') ?? '';
      response.setHeader('content-type', 'application/json');
      if (this.failing.has(customer)) {
        response.statusCode = 500;
        response.end(JSON.stringify({ error: { type: 'api_error' } }));
        return;
      }
      const fingerprint = this.cards.get(customer);
      const charge = {
        id: `ch_${customer}`,
        object: 'charge',
        customer,
        payment_method_details: { type: 'card', card: { fingerprint } },
      };
      response.end(
        JSON.stringify({
          object: 'list',
          url: '/v1/charges',
          has_more: false,
          data: fingerprint === undefined ? [] : [charge],
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** `customer` paid with a card of this fingerprint. */
  setCard(customer: string, fingerprint: string): void {
    this.cards.set(customer, fingerprint);
  }

  /** Fails when it is asked about `customer`, or answers again. */
  setAvailable(customer: string, isAvailable: boolean): void {
    if (isAvailable) this.failing.delete(customer);
    else this.failing.add(customer);
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  }
}
