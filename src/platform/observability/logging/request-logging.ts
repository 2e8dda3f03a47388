import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type RequestEndListener, routePattern } from '../../http/request-hooks.js';
import { logContext, type LogContext } from './log.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What lines about this request say of it; null until the first hook has run. */
    logContext: LogContext | null;
  }
}

/** What operators and balancers ask all day is left out. */
const ignoredPaths = /^\/(health|metrics|assets)/;

/**
 * Lets what is logged during a request say which one it belongs to. Answers what logs each once it
 * has ended.
 */
export function logRequests(hooks: FastifyInstance, log: Logger): RequestEndListener {
  hooks.decorateRequest('logContext', null);
  hooks.addHook('onRequest', (request, _reply, done) => {
    const { id, method } = request;
    const context = { req: { id, method, route: routePattern(request) } };
    request.logContext = context;
    logContext.run(context, done);
  });
  // again: reading the body loses what was entered before
  hooks.addHook('preValidation', (request, _reply, done) => logContext.run(request.logContext ?? {}, done));
  return (request, { statusCode, elapsedTime }, isAnswered) => {
    if (ignoredPaths.test(request.url)) return;
    const res = isAnswered ? { status: statusCode } : null;
    // the context is not there any more when the answer is out
    const line = { ...request.logContext, context: 'http', res, responseTime: Math.round(elapsedTime) };
    if (!isAnswered) log.info(line, 'request aborted');
    else if (statusCode >= 500) log.error(line, 'request errored');
    else log.info(line, 'request completed');
  };
}
