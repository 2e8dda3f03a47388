import { parse as parseQuery } from 'node:querystring';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../errors.js';
import { parseJson } from './safe-json.js';
import { invalid } from './validation.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that parses its body itself; see {@link RawBody}. */
    rawBody?: { bytes: number; ofAnyType: boolean };
  }
}

/** What a body holds at most, unless its route says otherwise. */
export const bodyLimitBytes = 65_536;
const shape = { values: 1_000, depth: 20 };
const maxFormFields = 200;

/**
 * A route that takes up to `bytes` and parses them itself, once it knows who sent them: `request.body` is a Buffer.
 * Parsing much costs too much to do it for strangers. Takes JSON, or whatever comes with `ofAnyType`.
 */
export const RawBody = (bytes: number, { ofAnyType = false } = {}) =>
  RouteConfig({ rawBody: { bytes, ofAnyType } });

/** Replaces the server's own parsers. Limits hold before anything is transformed. An empty body is none; an empty form has no fields. */
export function parseBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const rawBody = route.config?.rawBody;
    if (rawBody !== undefined) route.bodyLimit = rawBody.bytes;
  });
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: bodyLimitBytes } as const;
  server.addContentTypeParser('application/json', options, (request, body: Buffer, done) => {
    if (request.routeOptions.config.rawBody === undefined)
      parsed(body, (json) => parseJson(json, shape), done);
    else done(null, body);
  });
  for (const [type, parse] of [
    ['application/x-www-form-urlencoded', parseForm],
    ['*', refuse],
  ] as const)
    server.addContentTypeParser(type, options, (request, body: Buffer, done) => {
      const { rawBody } = request.routeOptions.config;
      if (rawBody?.ofAnyType === true) done(null, body);
      else parsed(body, rawBody === undefined ? parse : refuse, done);
    });
}

function parsed(
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

/** Fields by name; a list where a name came more than once. The object has no prototype to reach. */
function parseForm(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (countOf('&', text) >= maxFormFields)
    throw invalid([{ path: 'body', message: `a form has at most ${maxFormFields} fields` }]);
  return parseQuery(text);
}

function refuse(): never {
  throw new DomainError('request.media_type');
}

/** How often `character` is in `text`. */
export function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
