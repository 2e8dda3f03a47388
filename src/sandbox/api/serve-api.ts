import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Stripe from 'stripe';
import type { SandboxContext } from '../context.js';
import { pathId } from '../request-checks.js';
import { transaction } from '../store/store.js';
import { UnitOfWork } from '../unit-of-work.js';
import type { Endpoint } from './endpoint.js';
import { ApiError, internalError } from './errors.js';
import { expand } from './expand.js';
import { parseForm, Params } from './params.js';
import { runOnce } from './idempotency.js';
import { newId } from '../objects/stripe-objects.js';
import { account } from './resources/account.js';
import { catalog } from './resources/catalog.js';
import { checkoutSessions, paymentPages } from './resources/checkout-sessions.js';
import { customers, portalSessions } from './resources/customers.js';
import { disputes, refunds, creditNotes } from './resources/reversals.js';
import { events } from './resources/events.js';
import { invoiceDrafts, invoices } from './resources/invoices.js';
import { paymentMethods, payments } from './resources/payments.js';
import { subscriptions } from './resources/subscriptions.js';

/** Serves the API under /v1; whatever it does not know is refused in Stripe's words. */
export function serveApi(server: FastifyInstance, context: SandboxContext): void {
  for (const endpoint of endpoints)
    server.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) => handleRequest(endpoint, context, request, reply),
    });
  server.all('/v1/*', async (request, reply) => {
    const problem = unknownPathError(request);
    return reply.code(problem.status).headers(stripeHeaders()).send(problem.body);
  });
}

async function handleRequest(
  endpoint: Endpoint,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const headers = stripeHeaders();
  reply.headers(headers);
  try {
    requireTestKey(request.headers.authorization);
    const result = await runEndpoint(endpoint, context, request, headers['request-id']);
    if (result.replayed) reply.header('idempotent-replayed', 'true');
    if (endpoint.method !== 'GET') context.wakeDeliverer();
    return reply.code(result.status).send(result.answer);
  } catch (error) {
    const problem = error instanceof ApiError ? error : internalError(error, context.log);
    return reply.code(problem.status).send(problem.body);
  }
}

async function runEndpoint(
  endpoint: Endpoint,
  context: SandboxContext,
  request: FastifyRequest,
  requestId: string,
) {
  const key = idempotencyKey(request, endpoint);
  const body = typeof request.body === 'string' ? request.body : '';
  const query = request.url.split('?')[1] ?? '';
  return transaction(context.database, async (client) => {
    const unitOfWork = new UnitOfWork(client, context.origin(), { id: requestId, idempotency_key: key });
    const execute = async () => {
      const params = new Params(parseForm(endpoint.method === 'POST' ? body : query));
      const paths = params.textList('expand');
      const id = pathId(request);
      const result = await endpoint.handle({ params, id, unitOfWork, webhookUrl: context.webhookUrl });
      params.rejectUnread();
      if (result instanceof ApiError) return { status: result.status, answer: result.body };
      return { status: 200, answer: await expand(unitOfWork, result, paths) };
    };
    if (key === null) return { ...(await execute()), replayed: false };
    const path = request.url.split('?')[0] ?? '';
    return runOnce(client, { key, method: request.method, path, body: body === '' ? query : body }, execute);
  });
}

function idempotencyKey(request: FastifyRequest, { method }: Endpoint): string | null {
  const header = request.headers['idempotency-key'];
  if (method !== 'POST' || typeof header !== 'string' || header === '') return null;
  if (header.length > 255)
    throw new ApiError(400, 'invalid_request_error', 'Idempotency keys have at most 255 characters.');
  return header;
}

function unknownPathError({ method, url }: FastifyRequest): ApiError {
  const path = url.split('?')[0];
  return new ApiError(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${method}: ${path}). This sandbox does not know it.`,
  );
}

/**
 * Refuses a request without a test key, as a bearer token or as the user of basic authentication.
 * *errors* 401
 */
export function requireTestKey(authorization: string | undefined): void {
  const key = extractKey(authorization ?? '');
  if (key === '')
    throw new ApiError(
      401,
      'invalid_request_error',
      'You did not provide an API key. Use `Authorization: Bearer sk_test_…`.',
    );
  if (!/^(sk|rk)_test_\w+$/.test(key))
    throw new ApiError(
      401,
      'invalid_request_error',
      'Invalid API Key provided: this sandbox takes keys that begin with sk_test_ only.',
    );
}

function extractKey(authorization: string): string {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64').toString().split(':')[0] ?? '';
  return '';
}

/** The headers of every answer of the API, with a fresh request id. */
export function stripeHeaders() {
  return {
    'request-id': newId('req', 14),
    'stripe-version': Stripe.API_VERSION,
    'cache-control': 'no-store',
  };
}

/** Every endpoint of the API that the sandbox knows. */
export const endpoints: Endpoint[] = [
  ...account,
  ...catalog,
  ...checkoutSessions,
  ...creditNotes,
  ...customers,
  ...disputes,
  ...events,
  ...invoiceDrafts,
  ...invoices,
  ...paymentMethods,
  ...paymentPages,
  ...payments,
  ...portalSessions,
  ...refunds,
  ...subscriptions,
];
