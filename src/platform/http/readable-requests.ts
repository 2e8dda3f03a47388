import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { isPlainText } from './plain-text.js';
import { invalid } from './validation.js';

/** More than anybody's data needs, and far less than what walking through it by recursion can bear. */
const deepest = 1_000;

/**
 * Refuses what no route could make sense of, before any of them sees it: characters that cannot be stored, and bodies that
 * are no object or nested without end. Stripe's events are left alone: their signature is looked at first.
 * Errors: `request.not_found` for a path, `request.invalid` for a query or a body.
 */
export function refuseUnreadable({ url, params, query, body, headers }: FastifyRequest): void {
  if (url.startsWith('/webhooks/')) return;
  if (!textsIn(params).every(([, text]) => isPlainText(text))) throw new DomainError('request.not_found');
  for (const [name, text] of textsIn(query))
    if (!isPlainText(text))
      throw invalid([{ path: name, message: `${name} holds characters that cannot be stored` }]);
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (hasBody && body !== undefined && !isRecord(body))
    throw invalid([{ path: 'body', message: 'body is an object' }]);
  if (isDeeperThan(body, deepest))
    throw invalid([{ path: 'body', message: `body is nested no deeper than ${deepest} levels` }]);
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

function isDeeperThan(body: unknown, levels: number): boolean {
  let here: unknown[] = [body];
  for (let level = 0; level <= levels; level++) {
    here = here.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (here.length === 0) return false;
  }
  return true;
}
