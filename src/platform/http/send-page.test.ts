import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { sendPage } from './send-page.js';

const pages = {
  short: '<p>“Grüße” 🎁</p>',
  other: '<p>another person’s page</p>',
  longest: '€'.repeat(64 * 1024),
  long: '<p>é€🎁</p>'.repeat(20_000),
};

it('each page is sent as it was rendered, also when another follows before it has left', () => {
  const sent = Object.values(pages).map(send);
  expect(sent.map((bytes) => bytes.toString())).toEqual(Object.values(pages));
});

/** The bytes that the server is given for a page. */
function send(page: string): Buffer {
  const sent: Buffer[] = [];
  const reply = {
    status: () => reply,
    type: () => reply,
    send: (bytes: Buffer) => void sent.push(bytes),
  };
  sendPage(reply as unknown as FastifyReply, page);
  return sent[0] as Buffer;
}
