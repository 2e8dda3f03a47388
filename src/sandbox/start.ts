import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import pg from 'pg';
import { serveApi, stripeHeaders } from './api/serve-api.js';
import type { SandboxContext } from './context.js';
import { serveControlApi } from './control/control-api.js';
import { isAllowedHost } from './request-checks.js';
import { servePages } from './pages/serve-pages.js';
import { createSchema, seedCatalog } from './store/schema.js';
import { Deliverer } from './webhooks/deliverer.js';
import { ApiError } from './api/errors.js';
import { sendPage } from './pages/route.js';
import { messagePage } from './pages/layout.js';

/**
 * How the sandbox is started. *shape* `port` 0 takes a free one; `webhookSecret` is what the app
 * verifies signatures with.
 */
export interface SandboxOptions {
  databaseUrl: string;
  host: string;
  port: number;
  webhookUrl: string;
  webhookSecret: string;
  appName?: string;
  log?: (line: string) => void;
}

/** A running sandbox. `stop` ends its server, what it is sending, and its connections. */
export interface Sandbox {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the local stand-in for Stripe: its API, its pages and its webhooks. *again* on the same
 * database it continues where it stopped, deliveries included. *errors* rejects when the port is
 * taken or the database does not answer, with nothing left running.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { webhookUrl, webhookSecret, appName = 'Twofold', log = () => {} } = options;
  const database = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 4,
    application_name: 'twofold-sandbox',
  });
  database.on('error', (error) => log(`sandbox: lost an idle connection: ${error.message}`));
  let origin = '';
  const context: SandboxContext = {
    ...{ database, webhookUrl, webhookSecret, appName, log },
    origin: () => origin,
    wakeDeliverer: () => deliverer.wake(),
  };
  const server = fastify({
    bodyLimit: 1_048_576,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerBadRequest(context, error, request, reply),
  });
  const deliverer = new Deliverer(context);
  const stop = async () => {
    await server.close();
    await deliverer.stop();
    await database.end();
  };
  try {
    await createSchema(database);
    await seedCatalog(database, appName);
    registerRoutes(server, context, options.host);
    await server.listen({ host: options.host, port: options.port });
    origin = listeningOrigin(server, options.host);
  } catch (error) {
    await stop();
    throw error;
  }
  deliverer.wake();
  return { url: origin, stop };
}

function registerRoutes(server: FastifyInstance, context: SandboxContext, host: string): void {
  // Both kinds of clients send forms; reading them is left to those who know what they may contain.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );
  server.addHook('onRequest', async (request, reply) => {
    if (!isAllowedHost(request.headers.host, host))
      return reply.code(421).send('This sandbox is not served under that name.\n');
  });
  server.setErrorHandler<Error>((error, request, reply) => answerBadRequest(context, error, request, reply));
  serveApi(server, context);
  serveControlApi(server, context);
  servePages(server, context);
}

function listeningOrigin(server: FastifyInstance, host: string): string {
  const address = server.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port ?? 0}`;
}

/**
 * Answers what no endpoint and no page got to see: a body too large or in another format, a path
 * that is no text. Both APIs answer it in the shape of Stripe's errors, the pages as a page.
 */
export function answerBadRequest(
  { appName, log }: SandboxContext,
  error: Error & { statusCode?: number },
  { url }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status >= 500) log(`sandbox: ${error.stack ?? error.message}`);
  if (!url.startsWith('/v1/') && !url.startsWith('/sandbox/'))
    return sendPage(reply, messagePage('Not possible', error.message, appName), status);
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  return reply
    .code(status)
    .headers(stripeHeaders())
    .send(new ApiError(status, type, error.message).body);
}
