import type { FastifyRequest } from 'fastify';

/**
 * The id in a request's path; empty where the path has none. PostgreSQL's texts cannot contain a zero byte, so it is
 * shown as the mark for an unreadable letter: no id contains that either.
 */
export function idIn({ params }: FastifyRequest): string {
  const hasId = typeof params === 'object' && params !== null && 'id' in params;
  return hasId ? String(params.id).replaceAll('\0', '\uFFFD') : '';
}
