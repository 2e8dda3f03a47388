import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import type { Config } from '../config.js';
import { DomainError } from '../errors.js';
import { countRequest } from '../metrics/requests.js';
import { Draining } from './draining.js';
import { validation } from './validation.js';

/** Bodies may hold a backup of 1 MiB and what is around it; Stripe's events stay far below. */
const bodyLimitBytes = 1_200_000;

/** The HTTP server, before Nest is put on it. */
export function adapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: proxies(config.trustProxy),
    genReqId: () => v7(),
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    // a signed link carries more than the usual hundred characters
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
  });
}

/** Everything that holds for every route: cookies, headers, limits, validation. */
export async function setUpHttp(app: NestFastifyApplication, config: Config): Promise<void> {
  await app.register(cookie);
  await app.register(cors, {
    origin: config.corsOrigins,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    credentials: false,
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
    exposedHeaders: ['retry-after', 'x-request-id'],
  });
  app.useBodyParser('application/json', { bodyLimit: bodyLimitBytes });
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: 100_000 });
  app.useGlobalPipes(validation());
  const hooks = app.getHttpAdapter().getInstance();
  hooks.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    for (const [name, value] of Object.entries(headersFor(request, config))) void reply.header(name, value);
    if (config.role === 'worker' && !/^\/(health|metrics)\b/.test(request.url))
      throw new DomainError('request.not_found');
  });
  const draining = app.get(Draining);
  // whoever keeps a connection finds the way to another process with the next one
  hooks.addHook('onSend', async (_request, reply) => {
    if (draining.hasBegun) void reply.header('connection', 'close');
  });
  hooks.addHook('onResponse', async (request, reply) => countRequest(request, reply));
}

const csp =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

function headersFor(request: FastifyRequest, config: Config): Record<string, string> {
  const secure = config.baseUrl.startsWith('https:');
  const docs = request.url.startsWith('/api/docs');
  return {
    'x-request-id': request.id,
    // browsers apply form-action to the redirect that follows a form, too: checkout and portal live elsewhere
    'content-security-policy': docs
      ? `${csp}; style-src 'self' 'unsafe-inline'`
      : csp.replace("; form-action 'self'", ''),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    ...(request.url.startsWith('/assets/') ? {} : { 'cache-control': 'no-store' }),
  };
}

/** Hops are counted from us outwards: `1` trusts the proxy that speaks to us, and believes what it says. */
function proxies(setting: string | null): boolean | string | ((address: string, hop: number) => boolean) {
  if (setting === null) return false;
  const hops = Number(setting);
  return Number.isInteger(hops) ? (_address, hop) => hop < hops : setting;
}
