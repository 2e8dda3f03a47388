import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, ownFault } from '../api/errors.js';
import type { SandboxContext } from '../context.js';
import { isFromOwnPage } from '../pages/same-origin.js';
import { idIn } from '../path-id.js';
import { transaction } from '../store/transaction.js';
import { Work } from '../work.js';
import { controls, type Control } from './controls.js';
import { fieldsIn } from './json-fields.js';

const UNKNOWN = 'There is no such call; GET /sandbox lists them all.';

/** Serves the control API under /sandbox, for forms and JSON alike. It answers JSON, and takes nothing from other sites. */
export function serveControls(server: FastifyInstance, context: SandboxContext): void {
  void server.register(
    async (scope) => {
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      scope.setNotFoundHandler((_request, reply) =>
        reply.code(404).send(new ApiError(404, 'invalid_request_error', UNKNOWN).body),
      );
      for (const control of controls)
        scope.route({
          method: control.method,
          url: control.path,
          handler: (request, reply) => answer(control, context, request, reply),
        });
    },
    { prefix: '/sandbox' },
  );
}

async function answer(
  control: Control,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  reply.header('cache-control', 'no-store');
  try {
    if (control.method === 'POST' && !isFromOwnPage(request))
      throw new ApiError(403, 'invalid_request_error', 'This was sent from another site.');
    const fields = fieldsIn(request.body, request.headers['content-type']);
    const result = await transaction(context.database, async (client) => {
      const work = new Work(client, context.origin(), { id: null, idempotency_key: null });
      const done = await control.answer({ id: idIn(request), fields, work, context });
      fields.finish();
      return done;
    });
    if (control.method === 'POST') context.eventsWait();
    return reply.send(result);
  } catch (error) {
    const problem = error instanceof ApiError ? error : ownFault(error, context.log);
    return reply.code(problem.status).send(problem.body);
  }
}
