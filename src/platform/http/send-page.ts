import type { FastifyReply } from 'fastify';

/** Where pages are written out: to measure a text first would take almost as long. */
const scratch = Buffer.allocUnsafe(192 * 1024);
const mostBytesOfACharacter = 3; // of a UTF-16 code unit

/** Answers with a page: as bytes, since a text would be measured and written out once more. */
export function sendPage(reply: FastifyReply, page: string, status = 200): void {
  void reply.status(status).type('text/html; charset=utf-8').send(toBytes(page));
}

function toBytes(page: string): Buffer {
  if (page.length * mostBytesOfACharacter > scratch.length) return Buffer.from(page);
  return Buffer.copyBytesFrom(scratch, 0, scratch.write(page));
}
