import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { isPlainText } from './plain-text.js';
import { countOf } from './request-bodies.js';
import { invalid } from './validation.js';

/** The longest query that a form or a client of ours makes is far below. */
const maxQueryFields = 100;

/** Refuses a query with too many fields, before it is parsed for anything. Errors: `request.invalid`. */
export function refuseLongQuery({ url }: FastifyRequest): void {
  const start = url.indexOf('?');
  if (start >= 0 && countOf('&', url.slice(start)) >= maxQueryFields)
    throw invalid([{ path: 'query', message: `a query has at most ${maxQueryFields} fields` }]);
}

/**
 * Refuses what no route could make sense of, before any of them sees it: characters that cannot be stored, and bodies that
 * are no object. What a route parses itself is left alone.
 * Errors: `request.not_found` for a path, `request.invalid` for a query or a body.
 */
export function refuseUnreadable({ params, query, body }: FastifyRequest): void {
  if (!textsIn(params).every(([, text]) => isPlainText(text))) throw new DomainError('request.not_found');
  for (const [name, text] of textsIn(query))
    if (!isPlainText(text))
      throw invalid([{ path: name, message: `${name} holds characters that cannot be stored` }]);
  if (body !== undefined && !Buffer.isBuffer(body) && !isRecord(body))
    throw invalid([{ path: 'body', message: 'body is an object' }]);
}

function textsIn(values: unknown): [string, string][] {
  return Object.entries((values ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
      typeof one === 'string' ? [[name, one]] : [],
    ),
  );
}

function isRecord(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
