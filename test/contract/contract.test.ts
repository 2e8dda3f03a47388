import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { bearer } from '../support/given.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { liveRoutes } from '../security/live-routes.js';
import { findMismatches } from './answer-validator.js';
import { operations, resolve, type Operation, type Schema } from './description.js';
import { injectionOf, invalidRequests, validRequests } from './generated-requests.js';
import {
  createScenario,
  preparations,
  providerSecret,
  type Caller,
  type Preparation,
  type Scenario,
} from './scenario.js';

const seed = Number(process.env.SEED ?? 20261101);
const generatedPerOperation = 3;

/**
 * Every answer is what openapi.json says: its status, its content type, its headers, and every
 * field of its body.
 */
describe('the API answers as it is described', () => {
  let sandbox: SandboxWorld;
  let scenario: Scenario;
  beforeAll(async () => {
    sandbox = await createSandboxWorld({
      databasePoolMax: 1, // none needs a second connection while it holds one
      paddleWebhookSecrets: [providerSecret],
      lemonSqueezyWebhookSecrets: [providerSecret],
    });
    scenario = await createScenario(sandbox);
  });
  afterAll(() => sandbox.close());

  it('every JSON route of the server is described, and nothing else', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    const served = liveRoutes(scenario.world)
      .filter(({ method, pattern }) => method !== 'HEAD' && /^\/(api\/v1|webhooks|health)\//.test(pattern))
      .map(({ method, pattern }) => `${method} ${pattern.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect([...described].sort()).toEqual([...served].sort());
  });

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s succeeds as it is described, again under its key, and refuses callers without access',
    async (name, operation) => {
      const prepared = (await preparations[name]?.(scenario)) ?? {};
      const person = prepared.as ?? (await personFor(operation));
      const request = successOf(operation, prepared, person);
      const isRepeatable = operation.parameters.some((own) => own.name === 'Idempotency-Key');
      const key = isRepeatable ? { 'idempotency-key': `once-${name}` } : {};
      const answer = await send(operation, { ...request, headers: { ...request.headers, ...key } });
      expect([name, answer.statusCode, answer.body.slice(0, 400)]).toEqual([
        name,
        successStatus(operation),
        expect.any(String),
      ]);
      if (isRepeatable) {
        const again = await send(operation, { ...request, headers: { ...request.headers, ...key } });
        expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([answer.statusCode, 'true']);
        expect(parsed(again)).toEqual(parsed(answer));
      }
      await refusesStrangers(operation, request);
    },
  );

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s answers whatever it is sent as it is described',
    async (name, operation) => {
      const person = await personFor(operation);
      for (const request of [
        ...validRequests(operation, generatedPerOperation, seed),
        ...invalidRequests(operation, seed),
      ]) {
        const answer = await send(operation, injectionOf(operation, request, person));
        if (request.isRefused)
          expect([name, request.what, answer.statusCode < 400]).toEqual([name, request.what, false]);
      }
    },
  );

  /** Sends it, and compares the answer with the description. */
  async function send(operation: Operation, request: InjectOptions): Promise<LightMyRequestResponse> {
    const answer = await scenario.world.app.inject(request);
    const what = `${operation.operationId} ${JSON.stringify(request).slice(0, 600)}`;
    expect([what, findMismatches(operation, answer)]).toEqual([what, []]);
    return answer;
  }

  async function refusesStrangers(operation: Operation, request: InjectOptions): Promise<void> {
    const { authorization: _, ...headers } = (request.headers ?? {}) as Record<string, string>;
    const { method } = operation;
    if (operation.security.length > 0)
      expect((await send(operation, { ...request, headers })).statusCode).toBe(401);
    if (operation.path.includes('/admin/')) {
      const asUser = { ...request, headers: { ...headers, ...bearer(scenario.anna) } };
      expect((await send(operation, asUser)).statusCode).toBe(403);
    }
    if (method === 'GET' || operation.path.startsWith('/webhooks')) return;
    const cookie = { cookie: `tf_session=${scenario.anna.token}`, origin: 'https://evil.example' };
    expect((await send(operation, { ...request, headers: { ...headers, ...cookie } })).statusCode).toBe(
      isForKeys(operation.security) ? 401 : 403,
    );
  }

  function personFor({ path, security }: Operation): Promise<Caller | null> | Caller | null {
    if (security.length === 0) return null;
    if (isForKeys(security)) return scenario.apiKey;
    return path.includes('/admin/') ? scenario.admin : scenario.world.given.user();
  }
});

function isForKeys(security: Operation['security']): boolean {
  return security.some((own) => typeof own === 'object' && own !== null && 'apiKey' in own);
}

function parsed({ body }: LightMyRequestResponse): unknown {
  return body === '' ? null : JSON.parse(body);
}

function successStatus({ responses }: Operation): number {
  const statuses = Object.keys(responses).filter((status) => status.startsWith('2'));
  // 202 beside 200: what it depends on is not known yet
  const whole = statuses.includes('200') ? statuses.filter((status) => status !== '202') : statuses;
  return Math.max(...whole.map(Number));
}

function successOf(operation: Operation, prepared: Preparation, person: Caller | null): InjectOptions {
  const { params = {}, query = {}, headers = {}, payload } = prepared;
  const body = prepared.body ?? (operation.body === null ? undefined : exampleOf(operation.body));
  const url = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  return {
    method: operation.method,
    url,
    query,
    headers: {
      ...(person === null ? {} : bearer(person)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
    ...(payload !== undefined || body === undefined ? {} : { payload: JSON.stringify(body) }),
  };
}

/** A body of the fields' own examples. */
function exampleOf(body: Schema): unknown {
  const { properties = {} } = resolve(body) as { properties?: Record<string, Schema> };
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const [example] = (schema['examples'] as unknown[] | undefined) ?? [];
      return [name, example ?? (schema['type'] === 'array' ? [] : { theme: 'dark' })];
    }),
  );
}
