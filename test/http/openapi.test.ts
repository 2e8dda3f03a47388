import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../support/world.js';
// @ts-expect-error: a script, which has no types
import { breakingChanges } from '../../bin/openapi/breaking-changes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Runs a script of bin/openapi. Answers its output; throws with it when it fails. */
async function script(name: string): Promise<string> {
  const { stdout } = await run(process.execPath, [`bin/openapi/${name}.mjs`], { cwd: root });
  return stdout;
}

describe('openapi.json', () => {
  it('is what this build answers', async () => {
    expect(await script('describe')).toContain('openapi.json is current');
  });

  it('has no finding of redocly’s strict rules, nor of spectral’s', async () => {
    expect(await script('lint')).toBe('');
  });

  it('makes clients of two generators that compile strictly', async () => {
    expect(await script('clients')).toBe('');
  });

  it('is served as it is committed, and not again to a client that has it', async () => {
    const world = await createWorld();
    const get = (headers = {}) => world.app.inject({ url: '/api/openapi.json', headers });
    const served = await get();
    const etag = String(served.headers.etag);
    const again = await Promise.all(
      [etag, `W/${etag}`, `"another", ${etag}`, '*'].map((tags) => get({ 'if-none-match': tags })),
    );
    const changed = await get({ 'if-none-match': '"another"' });
    await world.close();
    expect(served.json()).toEqual(JSON.parse(readFileSync(`${root}openapi.json`, 'utf8')));
    expect(served.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
    });
    for (const { statusCode, body, headers } of again)
      expect([statusCode, body, headers.etag]).toEqual([304, '', etag]);
    expect([changed.statusCode, changed.body]).toEqual([200, served.body]);
  });
});

type Json = Record<string, unknown>;
const find = breakingChanges as (before: Json, after: Json) => string[];

const user = {
  type: 'object',
  required: ['id', 'role'],
  properties: {
    id: { type: 'string' },
    role: { type: 'string', enum: ['user', 'admin'] },
    name: { type: ['string', 'null'] },
  },
};
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['days'],
  properties: {
    days: { type: 'integer', minimum: 1, maximum: 10 },
    unit: { type: 'string', enum: ['day', 'week'] },
  },
};

interface Parts {
  user?: Json;
  body?: Json;
  operation?: Json;
  paths?: Json;
}

/** A description of one operation. */
function api(parts: Parts = {}): Json {
  const json = (schema: Json) => ({ content: { 'application/json': { schema } } });
  const post = {
    operationId: 'grant',
    security: [],
    parameters: [{ name: 'dry', in: 'query', required: false, schema: { type: 'boolean' } }],
    requestBody: json(parts.body ?? body),
    responses: { 200: json({ $ref: '#/components/schemas/User' }), 404: {} },
    ...parts.operation,
  };
  return {
    paths: parts.paths ?? { '/users': { post } },
    components: { schemas: { User: parts.user ?? user } },
  };
}

const withField = (schema: typeof user | typeof body, name: string, field: Json) => ({
  ...schema,
  properties: { ...schema.properties, [name]: field },
});

describe('a change of the description', () => {
  it.each<[string, Parts, string]>([
    ['that removes a route', { paths: {} }, 'POST /users is gone'],
    ['that renames an operation', { operation: { operationId: 'give' } }, 'operationId grant is give now'],
    ['that asks for a sign-in', { operation: { security: [{ bearer: [] }] } }, 'it needs a sign-in now'],
    ['that removes a parameter', { operation: { parameters: [] } }, 'the parameter query dry is gone'],
    [
      'that asks for another parameter',
      {
        operation: {
          parameters: [
            { name: 'dry', in: 'query', schema: { type: 'boolean' } },
            { name: 'at', in: 'query', required: true, schema: { type: 'string' } },
          ],
        },
      },
      'the parameter query at is required now',
    ],
    [
      'that asks for another field',
      { body: { ...body, required: ['days', 'unit'] } },
      'body.unit is required now',
    ],
    [
      'that takes a field no more',
      { body: { ...body, properties: { days: body.properties.days } } },
      'body.unit is gone',
    ],
    [
      'that takes less',
      { body: withField(body, 'days', { type: 'integer', minimum: 1, maximum: 5 }) },
      'maximum of 5',
    ],
    [
      'that takes fewer words',
      { body: withField(body, 'unit', { type: 'string', enum: ['day'] }) },
      'takes no week',
    ],
    ['that answers another status', { operation: { responses: { 201: {} } } }, 'the answer 200 is gone'],
    [
      'that leaves a field out',
      { user: { ...user, properties: { id: { type: 'string' } } } },
      '200.role is gone',
    ],
    ['that may leave a field out', { user: { ...user, required: ['id'] } }, '200.role is optional now'],
    [
      'that may answer null',
      { user: withField(user, 'id', { type: ['string', 'null'] }) },
      '200.id is string or null',
    ],
    [
      'that may answer another word',
      { user: withField(user, 'role', { type: 'string', enum: ['user', 'admin', 'support'] }) },
      '200.role may be support now',
    ],
    [
      'that answers another type',
      { user: withField(user, 'id', { type: 'integer' }) },
      '200.id is integer instead',
    ],
  ])('%s breaks clients', (_, parts, expected) => {
    const found = find(api(), api(parts));
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(expected);
  });

  it.each<[string, Parts]>([
    ['nothing', {}],
    ['another field of an answer', { user: withField(user, 'age', { type: 'integer' }) }],
    ['another field of a body that may be left out', { body: withField(body, 'reason', { type: 'string' }) }],
    [
      'another word that is taken',
      { body: withField(body, 'unit', { type: 'string', enum: ['day', 'week', 'year'] }) },
    ],
    [
      'a word that is answered no more',
      { user: withField(user, 'role', { type: 'string', enum: ['user'] }) },
    ],
    ['an answer that is never null any more', { user: withField(user, 'name', { type: 'string' }) }],
  ])('that brings %s breaks no client', (_, parts) => {
    expect(find(api(), api(parts))).toEqual([]);
  });
});
