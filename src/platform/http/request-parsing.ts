import { parse as parseQuery } from 'node:querystring';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { parseJson } from './safe-json.js';
import { invalidRequest, isPlainText } from './validation.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that parses its body itself; see {@link RawBody}. */
    rawBody?: { bytes: number; ofAnyType: boolean };
  }
}

/** What a body holds at most, unless its route says otherwise. */
export const bodyLimitBytes = 65_536;
const jsonLimits = { values: 1_000, depth: 20 };
const maxFormFields = 200;

/**
 * A route that takes up to `bytes` and parses them itself, once it knows who sent them:
 * `request.body` is a Buffer. Parsing much costs too much to do it for anonymous visitors. Takes
 * JSON, or whatever comes with `ofAnyType`.
 */
export const RawBody = (bytes: number, { ofAnyType = false } = {}) =>
  RouteConfig({ rawBody: { bytes, ofAnyType } });

/**
 * Replaces the server's own parsers. Limits hold before anything is transformed. An empty body is
 * none; an empty form has no fields.
 */
export function registerBodyParsers(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const rawBody = route.config?.rawBody;
    if (rawBody !== undefined) route.bodyLimit = rawBody.bytes;
  });
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: bodyLimitBytes } as const;
  server.addContentTypeParser('application/json', options, (request, body: Buffer, done) => {
    if (request.routeOptions.config.rawBody === undefined)
      parseWith(body, (json) => parseJson(json, jsonLimits), done);
    else done(null, body);
  });
  for (const [type, parse] of [
    ['application/x-www-form-urlencoded', parseForm],
    ['*', rejectMediaType],
  ] as const)
    server.addContentTypeParser(type, options, (request, body: Buffer, done) => {
      const { rawBody } = request.routeOptions.config;
      if (rawBody?.ofAnyType === true) done(null, body);
      else parseWith(body, rawBody === undefined ? parse : rejectMediaType, done);
    });
}

function parseWith(
  body: Buffer,
  parse: (body: Buffer) => unknown,
  done: (error: Error | null, body?: unknown) => void,
): void {
  let value: unknown;
  try {
    value = body.length === 0 && parse !== parseForm ? undefined : parse(body);
  } catch (error) {
    return done(error as Error);
  }
  done(null, value);
}

/**
 * Fields by name; a list where a name came more than once. The object has no prototype to reach.
 */
function parseForm(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (countOccurrences('&', text) >= maxFormFields)
    throw invalidRequest([{ path: 'body', message: `a form has at most ${maxFormFields} fields` }]);
  return parseQuery(text);
}

function rejectMediaType(): never {
  throw new DomainError('request.media_type');
}

/** How often `character` is in `text`. */
export function countOccurrences(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** The longest query that a form or client of this site makes is far below. */
const maxQueryFields = 100;

/**
 * Refuses a query with too many fields, before it is parsed for anything: answers
 * `request.invalid`.
 */
export function refuseLongQuery({ url }: FastifyRequest): DomainError | undefined {
  const start = url.indexOf('?');
  if (start < 0 || countOccurrences('&', url.slice(start)) < maxQueryFields) return undefined;
  return invalidRequest([{ path: 'query', message: `a query has at most ${maxQueryFields} fields` }]);
}

/**
 * Refuses what no route could make sense of, before any of them sees it: characters that cannot be
 * stored, and bodies that are no object. What a route parses itself is left alone.
 * Answers `request.not_found` for a path, `request.invalid` for a query or a body.
 */
export function refuseMalformed({ params, query, body }: FastifyRequest): DomainError | undefined {
  if (findUnstorable(params) !== undefined) return new DomainError('request.not_found');
  const name = findUnstorable(query);
  if (name !== undefined)
    return invalidRequest([{ path: name, message: `${name} holds characters that cannot be stored` }]);
  if (body === undefined || Buffer.isBuffer(body) || isRecord(body)) return undefined;
  return invalidRequest([{ path: 'body', message: 'body must be an object' }]);
}

/** The name of the first value with characters that cannot be stored. */
function findUnstorable(values: unknown): string | undefined {
  const fields = (values ?? {}) as Record<string, unknown>;
  const isStorable = (value: unknown) => typeof value !== 'string' || isPlainText(value);
  return Object.keys(fields).find((name) => {
    const value = fields[name];
    return Array.isArray(value) ? !value.every(isStorable) : !isStorable(value);
  });
}

function isRecord(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
