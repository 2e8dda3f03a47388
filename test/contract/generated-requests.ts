import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { bearer } from '../support/given.js';
import { resolve, type Operation, type Parameter, type Schema } from './description.js';
import type { Caller } from './scenario.js';

/** A request to one operation. `isRefused`: it must be answered with a problem. */
export interface GeneratedRequest {
  what: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** JSON text; undefined without a body. */
  payload: string | undefined;
  isRefused: boolean;
}

const json = { 'content-type': 'application/json' };

/** Requests that fit the description, whose ids name nothing. */
export function validRequests(operation: Operation, count: number, seed: number): GeneratedRequest[] {
  const parts = fc.record({
    path: fc.record(arbitrariesOf(operation, 'path')),
    query: fc.record(arbitrariesOf(operation, 'query'), { requiredKeys: [] }),
    headers: fc.record(arbitrariesOf(operation, 'header'), { requiredKeys: [] }),
    body: operation.body === null ? fc.constant(undefined) : valueOf(operation.body),
  });
  return fc.sample(parts, { numRuns: count, seed }).map(({ path, query, headers, body }) => ({
    what: 'a generated request',
    path: fillPath(operation, path),
    query: texts(query),
    headers: { ...texts(headers), ...(body === undefined ? {} : json) },
    payload: body === undefined ? undefined : JSON.stringify(body),
    isRefused: false,
  }));
}

/** A generated request as `caller` sends it. */
export function injectionOf(
  { method }: Operation,
  { path, query, headers, payload }: GeneratedRequest,
  person: Caller | null,
): InjectOptions {
  return {
    method,
    url: path,
    query,
    headers: { ...(person === null ? {} : bearer(person)), ...headers },
    ...(payload === undefined ? {} : { payload }),
  };
}

/** Requests of which parts fit the description, and parts are anything. */
export function fuzzedRequests(operation: Operation, count: number, seed: number): GeneratedRequest[] {
  const valid = validRequests(operation, count, seed);
  const readsQuery = operation.parameters.some((own) => own.in === 'query');
  const changes = fc.record({
    path: fc.option(anyText),
    query: fc.option(fc.dictionary(nameOf(operation, 'query'), anyText, { maxKeys: readsQuery ? 5 : 0 })),
    headers: fc.option(fc.dictionary(nameOf(operation, 'header'), fc.string({ maxLength: 300 }))),
    payload: fc.option(anyPayload(operation)),
  });
  return fc.sample(changes, { numRuns: count, seed }).map((change, index): GeneratedRequest => {
    const request = valid[index] as GeneratedRequest;
    const { path, query, headers, payload } = change;
    return {
      ...request,
      what: 'a fuzzed request',
      path: path === null ? request.path : fuzzPath(operation, path),
      query: query ?? request.query,
      headers: { ...request.headers, ...headers, ...(payload === null ? {} : json) },
      payload: operation.method === 'GET' ? undefined : (payload ?? request.payload),
    };
  });
}

const anyText = fc.oneof(
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom('\0', '..', '%', '%00', '-1', '0', '1e999', 'null', '\u202e', '💥', 'x'.repeat(3_000), ''),
);

function nameOf({ parameters }: Operation, place: Parameter['in']): fc.Arbitrary<string> {
  const names = parameters.filter((own) => own.in === place).map(({ name }) => name);
  const unknown = ['x', '__proto__', 'a[b]'];
  return fc.constantFrom(...names, ...(place === 'query' ? unknown : ['if-none-match']));
}

/** Sent as it is, where it reads as a part of an address. */
function fuzzPath({ path }: Operation, text: string): string {
  const part = /^%[0-9a-f]{0,2}$/i.test(text) ? text : encodeURIComponent(text.toWellFormed());
  return path.replaceAll(/\{[^}]+\}/g, () => part);
}

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('\0', '\ud800', 'x'.repeat(3_000), 1e308, -1, 2 ** 53, {}, [], [[[[[[]]]]]], { $ref: 'x' }),
);

/** A body with one or several fields that hold anything, other JSON, or no JSON. */
function anyPayload({ body }: Operation): fc.Arbitrary<string> {
  const names = Object.keys((body === null ? {} : (resolve(body)['properties'] ?? {})) as object);
  const wrong = fc.dictionary(fc.constantFrom(...names, 'x', 'constructor'), anyJson, { maxKeys: 4 });
  const changed = fc
    .tuple(body === null ? fc.constant({}) : valueOf(body), wrong)
    .map(([good, bad]) => JSON.stringify({ ...(good as object), ...bad }));
  const other = anyJson.map((value) => JSON.stringify(value));
  return fc.oneof({ weight: 4, arbitrary: changed }, other, anyText);
}

/** Requests that are wrong in one way each. */
export function invalidRequests(operation: Operation, seed: number): GeneratedRequest[] {
  const [valid] = validRequests(operation, 1, seed);
  if (valid === undefined) return [];
  const wrong = (what: string, change: Partial<GeneratedRequest>): GeneratedRequest => ({
    ...valid,
    isRefused: true,
    ...change,
    what,
  });
  return [
    wrong('an unknown query field', { query: { fieldThatNobodyKnows: '1' }, isRefused: false }),
    ...operation.parameters
      .filter((own) => own.in === 'query')
      .map(({ name }) => wrong(`a wrong ${name}`, { query: { [name]: '\0' } })),
    ...(operation.path.includes('{')
      ? [wrong('a path that cannot be', { path: operation.path.replaceAll(/\{[^}]+\}/g, '%00') })]
      : []),
    ...(operation.method === 'GET'
      ? []
      : wrongBodies(operation).map(([what, change]) => wrong(what, change))),
  ];
}

type BodyChange = [what: string, change: Partial<GeneratedRequest>];

function wrongBodies({ body }: Operation): BodyChange[] {
  const general: BodyChange[] = [
    ['half of a JSON text', { payload: '{"half', headers: json }],
    ['another kind of content', { payload: '<x/>', headers: { 'content-type': 'text/xml' } }],
    ['too large a body', { payload: JSON.stringify({ data: 'x'.repeat(1_300_000) }), headers: json }],
    ['a list for a body', { payload: '[]', headers: json }],
  ];
  if (body === null) return general;
  const { properties = {}, required = [] } = resolve(body) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  const [good] = fc.sample(valueOf(body), { numRuns: 1, seed: 1 }) as Record<string, unknown>[];
  const fields = Object.keys(properties).filter(
    (name) => resolve(properties[name] ?? {})['type'] !== undefined,
  );
  const bodies: [string, unknown][] = [
    ['an unknown field', { ...good, fieldThatNobodyKnows: 1 }],
    ...required.map((name): [string, unknown] => [`no ${name}`, { ...good, [name]: undefined }]),
    ...fields.map((name): [string, unknown] => [`a wrong ${name}`, { ...good, [name]: [[{ wrong: true }]] }]),
  ];
  return [
    ...general,
    ...bodies.map(([what, own]): BodyChange => [what, { payload: JSON.stringify(own), headers: json }]),
  ];
}

function arbitrariesOf(
  { parameters }: Operation,
  place: Parameter['in'],
): Record<string, fc.Arbitrary<unknown>> {
  const own = parameters.filter((parameter) => parameter.in === place);
  return Object.fromEntries(own.map(({ name, schema }) => [name, parameterValue(schema, place)]));
}

/** What can stand in an address or a header. */
function parameterValue(schema: Schema, place: Parameter['in']): fc.Arbitrary<unknown> {
  const isFree =
    schema['type'] === 'string' && schema['format'] === undefined && schema['enum'] === undefined;
  if (place === 'query' || !isFree || schema['pattern'] !== undefined) return valueOf(schema);
  return fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
}

/** Values that fit `schema`. */
export function valueOf(given: Schema): fc.Arbitrary<unknown> {
  const schema = resolve(given);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = (schema['anyOf'] ?? schema['allOf']) as Schema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map(valueOf));
  const types = [schema['type'] ?? 'any'].flat() as string[];
  return fc.oneof(...types.map((type) => valueOfType(type, schema)));
}

function valueOfType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  const [min, max] = [Number(schema['minimum'] ?? -1_000), Number(schema['maximum'] ?? 1_000_000)];
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.integer({ min, max });
  if (type === 'string') return textOf(schema);
  if (type === 'array') return fc.array(valueOf(schema['items'] as Schema), { maxLength: 3 });
  if (type !== 'object') return fc.jsonValue().filter((value) => value !== null);
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const arbitraries = Object.fromEntries(
    Object.entries(properties).map(([name, own]) => [name, valueOf(own)]),
  );
  return fc.record(arbitraries, { requiredKeys: (schema['required'] ?? []) as never[] });
}

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (typeof pattern === 'string' && pattern !== '\\S') return fc.stringMatching(new RegExp(pattern));
  const length = { minLength: Math.max(1, Number(minLength)), maxLength: Math.min(60, Number(maxLength)) };
  return fc.oneof(
    fc.string({ ...length, unit: 'grapheme' }),
    fc.constantFrom('anna@example.org', 'TWOFOLD2', 'en', 'Europe/Vienna'),
  );
}

function fillPath({ path }: Operation, values: Record<string, unknown>): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
