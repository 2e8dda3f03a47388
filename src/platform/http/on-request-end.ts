import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Told = (request: FastifyRequest, reply: FastifyReply, isAnswered: boolean) => void;

/** Calls `told` once for every request: when its answer is out, or when whoever asked has left before. */
export function onRequestEnd(hooks: FastifyInstance, told: Told): void {
  hooks.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) told(request, reply, false);
    });
    done();
  });
  hooks.addHook('onResponse', (request, reply, done) => {
    told(request, reply, true);
    done();
  });
}
