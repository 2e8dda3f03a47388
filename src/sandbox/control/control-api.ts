import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalidStateError, invalidParamError, ApiError, internalError } from '../api/errors.js';
import { actionRunners, type ActionRunner } from '../actions/action-groups.js';
import { customerTexts } from '../pages/customer-texts.js';
import { payOpenCheckout } from '../pages/checkout.js';
import type { PageRequest } from '../pages/route.js';
import { readFaults, writeFaults } from '../webhooks/faults.js';
import {
  countDeliveries,
  redeliver,
  redeliverUndelivered,
  eventWithDeliveries,
} from '../webhooks/deliveries.js';
import { emptyForm, parseForm, type Form, Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import { isSameOrigin, pathId } from '../request-checks.js';
import { transaction } from '../store/store.js';
import { UnitOfWork } from '../unit-of-work.js';

/** One call that scripts may make. *shape* `path` in Fastify's form, under `/sandbox` */
export interface ControlRoute {
  method: 'GET' | 'POST';
  path: string;
  handle: (pageRequest: PageRequest) => Promise<object>;
}

/** Every call of the control API: what the buttons of the pages do, for scripts. */
export const controlRoutes: ControlRoute[] = [
  { method: 'GET', path: '/', handle: async () => ({ calls: controlRoutes.map(describeRoute) }) },
  { method: 'GET', path: '/faults', handle: ({ unitOfWork }) => readFaults(unitOfWork.client) },
  {
    method: 'POST',
    path: '/faults',
    handle: ({ unitOfWork, fields }) => writeFaults(unitOfWork.client, fields),
  },
  { method: 'GET', path: '/deliveries', handle: ({ unitOfWork }) => countDeliveries(unitOfWork.client) },
  { method: 'POST', path: '/events/send_undelivered', handle: sendUndelivered },
  { method: 'POST', path: '/events/:id/send', handle: sendEvent },
  { method: 'POST', path: '/checkouts/:id/pay', handle: payCheckout },
  ...actionRunners.flatMap(toControlRoutes),
];

function describeRoute({ method, path }: ControlRoute): string {
  return `${method} /sandbox${path === '/' ? '' : path}`;
}

async function sendUndelivered({ unitOfWork }: PageRequest): Promise<object> {
  return { sent: await redeliverUndelivered(unitOfWork.client) };
}

async function sendEvent({ unitOfWork, id }: PageRequest): Promise<object> {
  await redeliver(unitOfWork.client, id);
  return (await eventWithDeliveries(unitOfWork.client, id)).event;
}

async function payCheckout(pageRequest: PageRequest): Promise<object> {
  const session = await payOpenCheckout(pageRequest);
  if (session === 'declined') throw invalidStateError('The card was declined.', 'card_declined');
  if (session.status !== 'complete') throw invalidStateError(`This checkout is ${session.status}.`);
  return session;
}

function toControlRoutes({ path, names, run }: ActionRunner): ControlRoute[] {
  return names.map((name) => ({
    method: 'POST',
    path: `/${path}/:id/${name}`,
    handle: ({ unitOfWork, id, fields }) => run(unitOfWork, id, name, fields),
  }));
}

/**
 * Reads what was sent along with a call of the control API, as a form or as JSON. *errors* JSON
 * that is no object
 */
export function parseFields(body: unknown, contentType: string | undefined): Params {
  const text = typeof body === 'string' ? body : '';
  if (contentType?.startsWith('application/json') !== true) return new Params(parseForm(text));
  return new Params(text === '' ? emptyForm() : toForm(parseJsonObject(text)));
}

function parseJsonObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidParamError('body', 'The body is no JSON.');
  }
  if (typeof value !== 'object' || value === null)
    throw invalidParamError('body', 'The body is no JSON object.');
  return value;
}

function toForm(object: object): Form {
  const form = emptyForm();
  for (const [name, value] of Object.entries(object as Record<string, unknown>)) {
    if (value === null) continue;
    form[name] = typeof value === 'object' ? toForm(value) : String(value);
  }
  return form;
}

const UNKNOWN_CALL = 'There is no such call; GET /sandbox lists them all.';

/**
 * Serves the control API under /sandbox, for forms and JSON alike. It answers JSON, and takes
 * nothing from other sites.
 */
export function serveControlApi(server: FastifyInstance, context: SandboxContext): void {
  void server.register(
    async (scope) => {
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      scope.setNotFoundHandler((_request, reply) =>
        reply.code(404).send(new ApiError(404, 'invalid_request_error', UNKNOWN_CALL).body),
      );
      for (const control of controlRoutes)
        scope.route({
          method: control.method,
          url: control.path,
          handler: (request, reply) => handleControlRequest(control, context, request, reply),
        });
    },
    { prefix: '/sandbox' },
  );
}

async function handleControlRequest(
  controlRoute: ControlRoute,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  reply.header('cache-control', 'no-store');
  try {
    if (controlRoute.method === 'POST' && !isSameOrigin(request))
      throw new ApiError(403, 'invalid_request_error', 'This was sent from another site.');
    const fields = parseFields(request.body, request.headers['content-type']);
    const result = await transaction(context.database, async (client) => {
      const unitOfWork = new UnitOfWork(client, context.origin(), { id: null, idempotency_key: null });
      const done = await controlRoute.handle({
        ...{ id: pathId(request), fields, unitOfWork, context, t: customerTexts() },
      });
      fields.rejectUnread();
      return done;
    });
    if (controlRoute.method === 'POST') context.wakeDeliverer();
    return reply.send(result);
  } catch (error) {
    const problem = error instanceof ApiError ? error : internalError(error, context.log);
    return reply.code(problem.status).send(problem.body);
  }
}
