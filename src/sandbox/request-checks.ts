import type { FastifyRequest } from 'fastify';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request names this machine. A sandbox on loopback answers loopback names only: a
 * foreign name that was made to point here would let a foreign page read it. Elsewhere a person
 * chose the name, so any will do.
 */
export function isAllowedHost(header: string | undefined, boundTo: string): boolean {
  if (!LOOPBACK.includes(boundTo) && boundTo !== '::1') return true;
  return LOOPBACK.includes((header ?? '').replace(/:\d+$/, '').toLowerCase());
}

/**
 * The id in a request's path; empty where the path has none. PostgreSQL's texts cannot contain a
 * zero byte, so it is shown as the mark for an unreadable character: no id contains that either.
 */
export function pathId({ params }: FastifyRequest): string {
  const hasId = typeof params === 'object' && params !== null && 'id' in params;
  return hasId ? String(params.id).replaceAll('\0', '\uFFFD') : '';
}

/**
 * Whether a form was sent by one of our own pages. Every browser of today says where a form comes
 * from in one of two headers; a client that sends neither is no browser, and cannot be lured by a
 * foreign page.
 */
export function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === headers.host);
}
