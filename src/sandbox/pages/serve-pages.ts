import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, ownFault } from '../api/errors.js';
import { parseForm } from '../api/form.js';
import { Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import { idIn } from '../path-id.js';
import { transaction } from '../store/transaction.js';
import { Work } from '../work.js';
import { sendPage } from './answer.js';
import { checkoutPages } from './checkout.js';
import { dashboardPages } from './dashboard.js';
import { messagePage } from './message-page.js';
import { portalPages } from './portal.js';
import type { PageRoute } from './route.js';
import { isFromOwnPage } from './same-origin.js';

/** Serves the pages, their style sheet, and a page for whatever does not exist. */
export function servePages(server: FastifyInstance, context: SandboxContext): void {
  const style = readFile(new URL('./sandbox.css', import.meta.url), 'utf8');
  server.get('/sandbox.css', async (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' })
      .send(await style),
  );
  for (const route of [...checkoutPages, ...portalPages, ...dashboardPages])
    server.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => visit(route, context, request, reply),
    });
  server.setNotFoundHandler((_request, reply) =>
    sendPage(reply, messagePage('Not found', 'There is no such page in the sandbox.', context.appName), 404),
  );
}

async function visit(
  route: PageRoute,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (route.method === 'POST' && !isFromOwnPage(request))
    return sendPage(
      reply,
      messagePage('Refused', 'This form was sent from another site.', context.appName),
      403,
    );
  try {
    const answer = await transaction(context.database, async (client) => {
      const work = new Work(client, context.origin(), { id: null, idempotency_key: null });
      const fields = new Params(parseForm(typeof request.body === 'string' ? request.body : ''));
      return route.answer({ id: idIn(request), fields, work, context });
    });
    if (route.method === 'POST') context.eventsWait();
    if ('goTo' in answer) return reply.redirect(answer.goTo, 303);
    return sendPage(reply, answer.html, answer.status, answer.leadsTo);
  } catch (error) {
    if (error instanceof ApiError)
      return sendPage(reply, messagePage('Not possible', error.message, context.appName), error.status);
    const { message, status } = ownFault(error, context.log);
    return sendPage(reply, messagePage('Something broke', message, context.appName), status);
  }
}
