import { createServer, type IncomingMessage, type Server } from 'node:http';

/** A question that the app asked of Stripe. */
export interface ProxiedRequest {
  method: string;
  path: string;
  body: URLSearchParams;
  key: string | undefined;
}

/** An answer in Stripe's place. */
export interface StubResponse {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

/**
 * What happens to an answer on its way: it is lost after Stripe did what was asked, or the question
 * never arrives.
 */
export type Fault = 'answer lost' | 'question lost';

/**
 * Stands between the app and a Stripe on loopback: keeps what was asked, and loses what a test
 * wants lost.
 */
export class StripeProxy {
  readonly requests: ProxiedRequest[] = [];
  /** Where Stripe is. */
  target = '';
  /** What becomes of a question; null: it is answered. */
  fault: (proxiedRequest: ProxiedRequest) => Fault | null = () => null;
  /** Answers for Stripe; undefined: it answers for itself. */
  stub: (proxiedRequest: ProxiedRequest) => StubResponse | undefined = () => undefined;
  /** What happens while a question is on its way. */
  beforeRequest: (proxiedRequest: ProxiedRequest) => Promise<void> = () => Promise.resolve();
  /** What happens while an answer is on its way back. */
  beforeResponse: (proxiedRequest: ProxiedRequest) => Promise<void> = () => Promise.resolve();
  private readonly server: Server = createServer((request, response) => {
    this.forward(request).then(
      (answer) => {
        if (answer === null) request.socket.destroy();
        else
          response
            .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
            .end(answer.body);
      },
      () => request.socket.destroy(),
    );
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The questions that moved a charge, as the moment it was to go to, in unix seconds. */
  get requestedTrialEnds(): number[] {
    return this.requests.flatMap(({ method, body }) =>
      method === 'POST' && body.has('trial_end') ? Number(body.get('trial_end')) : [],
    );
  }

  private async forward(
    request: IncomingMessage,
  ): Promise<{ status: number; body: string; headers?: Record<string, string> } | null> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const key = request.headers['idempotency-key'] as string | undefined;
    const proxied = { method, path, body: new URLSearchParams(body), key };
    this.requests.push(proxied);
    const fault = this.fault(proxied);
    if (fault === 'question lost') return null;
    const stubbed = this.stub(proxied);
    if (stubbed !== undefined) return { ...stubbed, body: JSON.stringify(stubbed.body) };
    await this.beforeRequest(proxied);
    const answer = await fetch(new URL(path, this.target), {
      method,
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': 'application/x-www-form-urlencoded',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(method === 'GET' ? {} : { body }),
    });
    const text = await answer.text();
    await this.beforeResponse(proxied);
    return fault === 'answer lost' ? null : { status: answer.status, body: text };
  }
}
