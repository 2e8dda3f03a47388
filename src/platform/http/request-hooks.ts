import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type RequestEndListener = (request: FastifyRequest, reply: FastifyReply, isAnswered: boolean) => void;

/**
 * Calls the callback once for every request: when its answer is out, or when the client has left
 * before.
 */
export function onRequestEnd(hooks: FastifyInstance, listener: RequestEndListener): void {
  hooks.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) listener(request, reply, false);
    });
    done();
  });
  hooks.addHook('onResponse', (request, reply, done) => {
    listener(request, reply, true);
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
