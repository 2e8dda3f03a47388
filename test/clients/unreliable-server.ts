import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** When all of it had arrived, in milliseconds. */
  at: number;
}

/** Answers one request; null: it closes the connection without an answer. */
export type Reply = ((response: ServerResponse) => void) | null;

/** Answers 200 with this body. */
export const json =
  (body: unknown, status = 200, headers = {}): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Answers a problem document. */
export const problem = (status: number, code: string, headers = {}): Reply =>
  json(
    {
      type: `https://twofold.test/api/errors#${code}`,
      title: code,
      status,
      code,
      detail: `${code}.`,
      requestId: 'r-1',
    },
    status,
    headers,
  );

/** Never answers. */
export const silence: Reply = () => undefined;

/** A server in front of nothing, which answers as a test says, one reply for each request. */
export class UnreliableServer {
  readonly received: ReceivedRequest[] = [];
  private replies: Reply[] = [];

  private readonly server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.received.push({ method, path: url, headers, body, at: Date.now() });
      const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
      if (reply === null || reply === undefined) request.socket.destroy();
      else reply(response);
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What to answer from now on, in order; the last one for all that follow. */
  answers(...replies: Reply[]): void {
    this.received.length = 0;
    this.replies = replies;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }
}
