import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, internalError } from '../api/errors.js';
import { parseForm, Params } from '../api/params.js';
import type { SandboxContext } from '../context.js';
import { pathId, isSameOrigin } from '../request-checks.js';
import { transaction } from '../store/store.js';
import { UnitOfWork } from '../unit-of-work.js';
import { checkoutPages } from './checkout.js';
import { customerTexts, visitorLocale } from './customer-texts.js';
import { dashboardPages } from './dashboard.js';
import { messagePage } from './layout.js';
import { portalPages } from './portal.js';
import { type PageRoute, sendPage } from './route.js';

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
      handler: (request, reply) => handlePageRequest(route, context, request, reply),
    });
  server.setNotFoundHandler((_request, reply) =>
    sendPage(reply, messagePage('Not found', 'There is no such page in the sandbox.', context.appName), 404),
  );
}

async function handlePageRequest(
  route: PageRoute,
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (route.method === 'POST' && !isSameOrigin(request))
    return sendPage(
      reply,
      messagePage('Refused', 'This form was sent from another site.', context.appName),
      403,
    );
  const t = customerTexts(visitorLocale(request.headers));
  try {
    const answer = await transaction(context.database, async (client) => {
      const unitOfWork = new UnitOfWork(client, context.origin(), { id: null, idempotency_key: null });
      const fields = new Params(parseForm(typeof request.body === 'string' ? request.body : ''));
      return route.handle({ id: pathId(request), fields, unitOfWork, context, t });
    });
    if (route.method === 'POST') context.wakeDeliverer();
    if ('goTo' in answer) return reply.redirect(answer.goTo, 303);
    return sendPage(reply, answer.html, answer.status, answer.leadsTo);
  } catch (error) {
    if (error instanceof ApiError)
      return sendPage(reply, messagePage(t('notPossible'), error.message, context.appName, t), error.status);
    const { message, status } = internalError(error, context.log);
    return sendPage(reply, messagePage('Something broke', message, context.appName), status);
  }
}
