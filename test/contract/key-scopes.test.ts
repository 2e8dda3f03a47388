import { afterAll, beforeAll, expect, it } from 'vitest';
import { scopes, type Scope } from '../../src/platform/security/api-key.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { findMismatches } from './answer-validator.js';
import { operations, type Operation } from './description.js';
import { injectionOf, validRequests } from './generated-requests.js';

/**
 * A key does what its scopes allow, and nothing else, whatever it is sent to. `npm run
 * test:requests` sends more than ten thousand.
 */
const seed = Number(process.env.SEED ?? 20261101);
const requestsOfEachKey = Number(process.env.GENERATED_REQUESTS ?? 1);

const keys: [name: string, Scope[]][] = [
  ...scopes.map((scope): [string, Scope[]] => [`with ${scope}`, [scope]]),
  ['with every scope', [...scopes]],
];
let sandbox: SandboxWorld;
beforeAll(async () => {
  sandbox = await createSandboxWorld();
});
afterAll(() => sandbox.close());

it.each(keys)('a key %s', async (_name, own) => {
  const { world } = sandbox;
  const caller = { token: await world.given.apiKey(...own) };
  for (const operation of operations)
    for (const request of validRequests(operation, requestsOfEachKey, seed)) {
      const injected = injectionOf(operation, request, caller);
      const answer = await world.app.inject(injected);
      const what = `${operation.operationId} ${JSON.stringify(injected).slice(0, 600)}: ${answer.statusCode} ${answer.body.slice(0, 400)}`;
      expect([what, findMismatches(operation, answer)]).toEqual([what, []]);
      const { code } = answer.headers['content-type']?.toString().includes('problem')
        ? answer.json<{ code: string }>()
        : { code: null };
      expect([what, outcomeOf(answer.statusCode, code)]).toEqual([what, expectedOutcome(operation, own)]);
    }
});

type Outcome = 'refused' | 'scope missing' | 'reached' | 'failed';

function outcomeOf(status: number, code: string | null): Outcome {
  if (status >= 500) return 'failed';
  if (code === 'auth.scope_missing') return 'scope missing';
  return status === 401 || status === 403 ? 'refused' : 'reached';
}

function expectedOutcome({ security, description }: Operation, own: readonly Scope[]): Outcome {
  if (security.length === 0) return 'reached';
  const needed = /with the scope `([^`]+)`/.exec(description)?.[1];
  if (needed === undefined) return 'refused';
  return (own as readonly string[]).includes(needed) ? 'reached' : 'scope missing';
}
