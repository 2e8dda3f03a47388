import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the host's server does with the request of its page for a token. */
export type TokenRoute = () => Promise<{ status: number; body: unknown }>;

/**
 * The site of a host product, at an origin of its own, with a strict content security policy: its
 * pages load the widget's script, and talk to their own server and to Twofold.
 */
export class HostSite {
  /** How often its pages asked for a token. */
  tokenRequests = 0;
  /** What is in the page's body. */
  body = '<twofold-referral token-url="/api/twofold/token"></twofold-referral>';
  lang = 'en';
  private server: Server | null = null;

  constructor(
    private readonly twofoldUrl: string,
    public tokenRoute: TokenRoute,
  ) {}

  /** Answers its origin. */
  async open(): Promise<string> {
    this.server = createServer((request, reply) => void this.answer(request, reply));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    if (request.url === '/api/twofold/token' && request.method === 'POST') {
      this.tokenRequests++;
      const { status, body } = await this.tokenRoute();
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    if (request.url !== '/') {
      reply.writeHead(404).end();
      return;
    }
    const csp = [
      `default-src 'none'; script-src ${this.twofoldUrl}; connect-src 'self' ${this.twofoldUrl}`,
      `style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`,
    ].join('; ');
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp }).end(
      `<!doctype html><html lang="${this.lang}"><head><title>Host</title>
         <meta name="viewport" content="width=device-width, initial-scale=1">
         <meta name="color-scheme" content="light dark">
         <script src="${this.twofoldUrl}/embed/v1.js" async></script></head>
         <body><main><h1>Host</h1>${this.body}</main></body></html>`,
    );
  }
}
