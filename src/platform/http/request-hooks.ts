import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type RequestEndListener = (request: FastifyRequest, reply: FastifyReply, isAnswered: boolean) => void;

/**
 * Calls each listener once for every request: when its answer is out, or when the client has left
 * before.
 */
export function onRequestEnd(hooks: FastifyInstance, listeners: readonly RequestEndListener[]): void {
  const tellAll = (request: FastifyRequest, reply: FastifyReply, isAnswered: boolean): void => {
    for (const listener of listeners) listener(request, reply, isAnswered);
  };
  hooks.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) tellAll(request, reply, false);
    });
    done();
  });
  hooks.addHook('onResponse', (request, reply, done) => {
    tellAll(request, reply, true);
    done();
  });
}

/**
 * The pattern of a request's route, such as `/unsubscribe/:token`; `none` where no route is. Logs,
 * metrics and traces say this: a path may hold a token, an address that was typed into the wrong
 * place, and a new name for each visitor.
 */
export function routePattern({ is404, routeOptions }: FastifyRequest): string {
  return is404 ? 'none' : (routeOptions.url ?? 'none');
}
