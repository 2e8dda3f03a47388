import { createServer, type Server } from 'node:http';
import Stripe from 'stripe';

/** What every sandbox and receiver of these tests agree on. */
export const WEBHOOK_SECRET = 'whsec_test_of_the_sandbox';

interface Waiter {
  matches: (event: Stripe.Event) => boolean;
  count: number;
  resolve: (events: Stripe.Event[]) => void;
}

/**
 * An app that takes webhooks on loopback, verifying each signature with the SDK; a forged one is
 * answered 400.
 */
export class WebhookReceiver {
  readonly events: Stripe.Event[] = [];
  /** Bodies whose signature was wrong. */
  readonly forged: string[] = [];
  /** What it answers with to events that are well signed. */
  responseStatus = 200;
  private waiters: Waiter[] = [];
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhooks`;
  }

  /** Listens; *again*, after `down`, on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.statusCode = this.receive(Buffer.concat(parts), String(request.headers['stripe-signature']));
        response.end();
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /**
   * Resolves with the first `count` events of this type that have arrived or will, whatever they
   * were answered.
   */
  waitForEvents(
    type: string,
    { count = 1, about = '' }: { count?: number; about?: string } = {},
  ): Promise<Stripe.Event[]> {
    const wanted = (event: Stripe.Event) =>
      event.type === type && (about === '' || JSON.stringify(event).includes(about));
    return new Promise((resolve) => {
      this.waiters.push({ matches: wanted, count, resolve });
      this.notifyWaiters();
    });
  }

  private receive(body: Buffer, signature: string): number {
    try {
      this.events.push(Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET));
    } catch {
      this.forged.push(body.toString());
      return 400;
    }
    this.notifyWaiters();
    return this.responseStatus;
  }

  private notifyWaiters(): void {
    this.waiters = this.waiters.filter(({ matches, count, resolve }) => {
      const found = this.events.filter(matches);
      if (found.length < count) return true;
      resolve(found.slice(0, count));
      return false;
    });
  }
}
