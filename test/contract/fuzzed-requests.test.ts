import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { scopes } from '../../src/platform/security/api-key.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { findMismatches } from './answer-validator.js';
import { operations, type Operation } from './description.js';
import { fuzzedRequests, injectionOf } from './generated-requests.js';
import type { Caller } from './scenario.js';

/**
 * Whatever it is sent, the server answers as it is described, and never 5xx. `npm run
 * test:requests` sends more than ten thousand.
 */
const seed = Number(process.env.SEED ?? 20261101);
const requestsOfEach = 4 * Number(process.env.GENERATED_REQUESTS ?? 1);

let sandbox: SandboxWorld;
let key: Caller;
let admin: Caller;
beforeAll(async () => {
  sandbox = await createSandboxWorld();
  key = { token: await sandbox.world.given.apiKey(...scopes) };
  admin = await sandbox.world.given.user({ role: 'admin' });
});
afterAll(() => sandbox.close());

it.each(operations.map((operation) => [operation.operationId, operation] as const))(
  '%s answers fuzzed requests as it is described, and never 5xx',
  async (_name, operation) => {
    const caller = callerOf(operation);
    for (const request of fuzzedRequests(operation, requestsOfEach, seed)) {
      const injected = injectionOf(operation, request, caller);
      const answer = await sandbox.world.app.inject(injected);
      const what = `${JSON.stringify(injected).slice(0, 1_500)}: ${answer.statusCode} ${answer.body.slice(0, 400)}`;
      expect([what, answer.statusCode < 500]).toEqual([what, true]);
      // what has no route, such as an address that cannot be decoded, has no operation
      if (!isWithoutRoute(answer)) expect([what, findMismatches(operation, answer)]).toEqual([what, []]);
    }
  },
  600_000,
);

it('/mcp answers fuzzed messages, and never fails itself', async () => {
  const listed = await send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
  const names = [...listed.body.matchAll(/"name":"([a-z_]+)"/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(8);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({ by: fc.constantFrom('email', 'externalId', 'id', 'code'), value: fc.string() }),
    fc.constantFrom('\0', '\ud800', 'x'.repeat(400), '../x', 1e308, -1, {}, []),
  );
  const fields = ['person', 'limit', 'cursor', 'status', 'days', 'reason', 'idempotencyKey', 'eventId'];
  const input = fc.dictionary(fc.constantFrom(...fields, 'inviteId', 'entryId', '__proto__'), value);
  const call = fc.record({ name: fc.constantFrom(...names, 'x'), arguments: fc.oneof(input, value) });
  const message = fc.oneof(
    fc.record({
      ...{ jsonrpc: fc.constant('2.0'), id: fc.oneof(fc.integer(), fc.string()) },
      ...{ method: fc.constant('tools/call'), params: call },
    }),
    fc.record({ jsonrpc: value, id: value, method: value, params: value }, { requiredKeys: [] }),
    value,
  );
  const count = requestsOfEach * 25;
  for (const one of fc.sample(message, { numRuns: count, seed })) {
    const sent = JSON.stringify(one);
    const answer = await send(sent);
    const what = `${sent.slice(0, 1_000)}: ${answer.statusCode} ${answer.body.slice(0, 400)}`;
    expect([what, answer.statusCode < 500 && !/-32603|"platform\.internal"/.test(answer.body)]).toEqual([
      what,
      true,
    ]);
  }
}, 600_000);

function send(payload: string): Promise<LightMyRequestResponse> {
  const accept = 'application/json, text/event-stream';
  const headers = { authorization: `Bearer ${key.token}`, 'content-type': 'application/json', accept };
  return sandbox.world.app.inject({ method: 'POST', url: '/mcp', headers, payload });
}

function callerOf({ security }: Operation): Caller | null {
  if (security.length === 0) return null;
  return JSON.stringify(security).includes('apiKey') ? key : admin;
}

function isWithoutRoute({ statusCode, headers, body }: LightMyRequestResponse): boolean {
  if (statusCode === 405 || /request\.unreadable.*one of them is malformed/.test(body)) return true;
  return (
    statusCode === 404 && String(headers['content-type']).includes('json') && /no_route|not_found/.test(body)
  );
}
