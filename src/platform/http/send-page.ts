import type { FastifyReply } from 'fastify';

/** Answers with a page: as bytes, since a text would be measured and written out once more. */
export function sendPage(reply: FastifyReply, page: string, status = 200): void {
  void reply.status(status).type('text/html; charset=utf-8').send(Buffer.from(page));
}
