import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The server of another product. It answers 204 unless a test says otherwise. */
export class Receiver {
  readonly received: ReceivedWebhook[] = [];
  answer: (response: ServerResponse, webhook: ReceivedWebhook) => void = (response) =>
    response.writeHead(204).end();

  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const webhook = { path: request.url ?? '', headers: request.headers, body };
      this.received.push(webhook);
      this.answer(response, webhook);
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  /** The types of what arrived, in the order of arrival. */
  types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  ids(): string[] {
    return this.received.map(({ headers }) => String(headers['webhook-id']));
  }

  /** Forgets what arrived and answers 204 again. */
  reset(): void {
    this.received.length = 0;
    this.answer = (response) => response.writeHead(204).end();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }
}

/** What a webhook says, once its signature is verified. Errors: for a wrong one, or none. */
export function verified(secret: string, webhook: ReceivedWebhook | undefined): unknown {
  if (webhook === undefined) throw new Error('No webhook arrived');
  const { body, headers } = webhook;
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
