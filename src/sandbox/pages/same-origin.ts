import type { FastifyRequest } from 'fastify';

/**
 * Whether a form was sent by one of our own pages. Every browser of today says where a form comes from in one of two
 * headers; a client that sends neither is no browser, and cannot be lured by a foreign page.
 */
export function isFromOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === headers.host);
}
