import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api/errors.js';
import { stripeHeaders } from './api/headers.js';
import type { SandboxContext } from './context.js';
import { sendPage } from './pages/send-page.js';
import { messagePage } from './pages/layout.js';

/**
 * Answers what no endpoint and no page got to see: a body too large or in another format, a path that is no text.
 * Both APIs answer it in the shape of Stripe's errors, the pages as a page.
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
