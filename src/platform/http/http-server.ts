import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { DomainError } from '../errors.js';
import { logRequests } from '../observability/logging/request-logging.js';
import { countRequest } from '../observability/metrics/process-metrics.js';
import { traceRequests } from '../observability/tracing.js';
import { PersonTokenAuthenticator, personTokenPaths } from '../security/person-token.js';
import { serverTimeouts } from './client-timeouts.js';
import { ShutdownState, OpenConnections, clientErrorHandler } from './connections.js';
import { toDomainError, toProblemDocument } from './problem-document.js';
import { onRequestEnd } from './request-hooks.js';
import { refuseLongQuery, refuseMalformed, bodyLimitBytes, registerBodyParsers } from './request-parsing.js';
import { answerUnmatched, collectRoutes } from './unmatched-routes.js';
import { validationPipe } from './validation.js';

/** The HTTP server, before Nest is put on it. */
export function createHttpAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: parseTrustProxy(config.trustProxy),
    genReqId: () => randomUUID(),
    clientErrorHandler: clientErrorHandler(config.baseUrl, securityHeaders(config), randomUUID),
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what has come in is answered, see serve.ts
    ...serverTimeouts(config.clientTimeouts),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // a path that cannot even be decoded comes past every hook
      const problem = toProblemDocument(toDomainError(error), request.id, config.baseUrl);
      void reply
        .status(problem.status)
        .headers({ ...securityHeaders(config), 'x-request-id': request.id, 'cache-control': 'no-store' })
        .type('application/problem+json')
        .send(JSON.stringify(problem));
    },
    skipMiddie: true, // nothing here is a middleware
    // a signed link carries more than the usual hundred characters
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
  });
}

/** Everything that holds for every route: cookies, headers, limits, validation. */
export async function configureHttp(app: NestFastifyApplication, config: Config): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const routes = collectRoutes(server);
  const openConnections = new OpenConnections(app.getHttpServer());
  openConnections.watch(server);
  app.get(ShutdownState).connections = openConnections;
  addHooks(app, config); // first, so that they see what the others answer by themselves
  await app.register(cookie);
  await app.register(cors, { delegator: corsDelegator(config, app.get(PersonTokenAuthenticator)) });
  answerUnmatched(server, routes);
  registerBodyParsers(server);
  app.useGlobalPipes(validationPipe());
}

/**
 * Frontends of CORS_ORIGINS may call every route, and pages of the origins that API keys list what
 * person tokens open. Neither with cookies.
 */
function corsDelegator({ corsOrigins }: Config, personTokens: PersonTokenAuthenticator) {
  const options = {
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    credentials: false,
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'],
    exposedHeaders,
    maxAge: preflightSeconds,
    strictPreflight: false,
    preflightContinue: true, // answered below, like every OPTIONS
  };
  const optionsOfFrontends = { ...options, origin: corsOrigins };
  return (
    { url, headers: { origin } }: FastifyRequest,
    done: (error: Error | null, options: FastifyCorsOptions) => void,
  ): void => {
    const isPersonTokenPath = () => personTokenPaths.has(url.split('?', 1)[0]?.replace(/\/$/, '') ?? '');
    if (origin === undefined || corsOrigins.includes(origin) || !isPersonTokenPath()) {
      done(null, optionsOfFrontends);
      return;
    }
    personTokens.isListedOrigin(origin).then(
      (isListed) => done(null, { ...options, methods: ['GET', 'PUT'], origin: isListed && [origin] }),
      (error: Error) => done(error, options),
    );
  };
}

/** What a frontend of another origin may read of an answer, besides what every script may. */
const exposedHeaders = [
  'etag',
  'idempotent-replayed',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

/** Browsers remember a preflight for two hours at most. */
const preflightSeconds = 7_200;

function addHooks(app: NestFastifyApplication, config: Config): void {
  const hooks = app.getHttpAdapter().getInstance();
  onRequestEnd(hooks, [
    logRequests(hooks, PinoLogger.root),
    countRequest,
    ...(config.otlpEndpoint === null ? [] : [traceRequests(hooks)]),
  ]);
  const headers = securityHeaders(config);
  hooks.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    if (!request.url.startsWith('/assets/')) void reply.header('cache-control', 'no-store');
    const isElsewhere = config.role === 'worker' && !/^\/(health|metrics)\b/.test(request.url);
    done(isElsewhere ? new DomainError('request.not_found') : undefined);
  });
  const shutdown = app.get(ShutdownState);
  hooks.addHook('onRequest', (request, _reply, done) => done(refuseLongQuery(request)));
  hooks.addHook('preValidation', (request, _reply, done) => done(refuseMalformed(request)));
  hooks.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, payload, done) => {
    // a client that keeps a connection finds the way to another process with the next one
    if (shutdown.isShuttingDown) void reply.header('connection', 'close');
    const type = reply.getHeader('content-type');
    if (typeof type === 'string' && type.startsWith('text/') && !type.includes('charset'))
      // our answers are UTF-8, a client that forgot to say so
      void reply.header('content-type', `${type}; charset=utf-8`);
    done(null, payload);
  });
}

/**
 * No form-action: browsers apply it to the redirect that follows a form, too, and checkout and
 * portal live elsewhere.
 */
const csp =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** What every answer carries, whatever it is. */
function securityHeaders(config: Config): Record<string, string> {
  const secure = config.baseUrl.startsWith('https:');
  return {
    'content-security-policy': csp,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/**
 * Hops are counted from us outwards: `1` trusts the proxy that speaks to us, and believes what it
 * says.
 */
function parseTrustProxy(
  setting: string | null,
): boolean | string | ((address: string, hop: number) => boolean) {
  if (setting === null) return false;
  const hops = Number(setting);
  return Number.isInteger(hops) ? (_address, hop) => hop < hops : setting;
}
