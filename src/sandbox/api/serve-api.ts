import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxContext } from '../context.js';
import { idIn } from '../path-id.js';
import { transaction } from '../store/transaction.js';
import { Work } from '../work.js';
import type { Endpoint } from './endpoint.js';
import { endpoints } from './endpoints.js';
import { ApiError, ownFault } from './errors.js';
import { expand } from './expand.js';
import { parseForm } from './form.js';
import { stripeHeaders } from './headers.js';
import { once } from './idempotency.js';
import { requireTestKey } from './key.js';
import { Params } from './params.js';

/** Serves the API under /v1; whatever it does not know is refused in Stripe's words. */
export function serveApi(server: FastifyInstance, context: SandboxContext): void {
  for (const endpoint of endpoints)
    server.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) => answer(endpoint, context, request, reply),
    });
  server.all('/v1/*', async (request, reply) => {
    const problem = unknownPath(request);
    return reply.code(problem.status).headers(stripeHeaders()).send(problem.body);
  });
}

async function answer(
  endpoint: Endpoint,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const headers = stripeHeaders();
  reply.headers(headers);
  try {
    requireTestKey(request.headers.authorization);
    const result = await run(endpoint, context, request, headers['request-id']);
    if (result.replayed) reply.header('idempotent-replayed', 'true');
    if (endpoint.method !== 'GET') context.eventsWait();
    return reply.code(result.status).send(result.answer);
  } catch (error) {
    const problem = error instanceof ApiError ? error : ownFault(error, context.log);
    return reply.code(problem.status).send(problem.body);
  }
}

async function run(endpoint: Endpoint, context: SandboxContext, request: FastifyRequest, requestId: string) {
  const key = idempotencyKey(request, endpoint);
  const body = typeof request.body === 'string' ? request.body : '';
  const query = request.url.split('?')[1] ?? '';
  return transaction(context.database, async (client) => {
    const work = new Work(client, context.origin(), { id: requestId, idempotency_key: key });
    const act = async () => {
      const params = new Params(parseForm(endpoint.method === 'POST' ? body : query));
      const paths = params.texts('expand');
      const id = idIn(request);
      const result = await endpoint.answer({ params, id, work, webhookUrl: context.webhookUrl });
      params.finish();
      if (result instanceof ApiError) return { status: result.status, answer: result.body };
      return { status: 200, answer: await expand(work, result, paths) };
    };
    if (key === null) return { ...(await act()), replayed: false };
    const path = request.url.split('?')[0] ?? '';
    return once(client, { key, method: request.method, path, body: body === '' ? query : body }, act);
  });
}

function idempotencyKey(request: FastifyRequest, { method }: Endpoint): string | null {
  const header = request.headers['idempotency-key'];
  if (method !== 'POST' || typeof header !== 'string' || header === '') return null;
  if (header.length > 255)
    throw new ApiError(400, 'invalid_request_error', 'Idempotency keys have at most 255 characters.');
  return header;
}

function unknownPath({ method, url }: FastifyRequest): ApiError {
  const path = url.split('?')[0];
  return new ApiError(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${method}: ${path}). This sandbox does not know it.`,
  );
}
