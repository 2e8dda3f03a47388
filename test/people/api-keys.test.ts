import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiKeys, type CreatedApiKey } from '../../src/auth/index.js';
import { createApp } from '../../src/create-app.js';
import { Database } from '../../src/platform/database/database.js';
import type { Scope } from '../../src/platform/security/api-key.js';
import { bearer } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const operator = { kind: 'operator' } as const;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let world: World;
let keys: ApiKeys;
let database: Database;

beforeAll(async () => {
  world = await createWorld();
  keys = world.app.get(ApiKeys, { strict: false });
  database = world.app.get(Database, { strict: false });
});
afterAll(() => world.close());

const create = (more: { scopes?: Scope[]; expiresInDays?: number; requestsPerMinute?: number } = {}) =>
  database.transaction((tx) => keys.create(tx, { name: 'host', scopes: ['access:read'], ...more }, operator));
const ask = (token: string, url = '/api/v1/access?externalId=x') =>
  world.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
const statusFor = async ({ token }: CreatedApiKey) => (await ask(token)).statusCode;

it('only the right secret of a key opens a route, and its use is recorded', async () => {
  const { key, token } = await create();
  expect((await ask(token)).statusCode).toBe(200);
  const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const other of [wrong, 'tfk_', `tfk_${'0'.repeat(32)}_${'A'.repeat(43)}`]) {
    const refused = await ask(other);
    expect([refused.statusCode, refused.json().code]).toEqual([401, 'auth.key_refused']);
  }
  const [listed] = (await keys.list()).filter(({ id }) => id === key.id);
  expect(listed).toMatchObject({ state: 'active', lastUsedAt: world.clock.now() });
});

it('the secret is stored nowhere, and no answer but the first has it', async () => {
  const { token } = await create();
  const secret = token.slice(-43);
  const { rows } = await world.sql.query<{ found: boolean }>(
    `SELECT bool_or(k::text LIKE '%' || $1 || '%') OR
       (SELECT bool_or(a::text LIKE '%' || $1 || '%') FROM platform.audit a) AS found FROM auth.api_key k`,
    [secret],
  );
  expect(rows).toEqual([{ found: false }]);
  expect(JSON.stringify(await keys.list())).not.toContain(secret);
});

it('a revoked key ends at once, and an expired one with its time', async () => {
  const revoked = await create();
  expect(await statusFor(revoked)).toBe(200);
  await database.transaction((tx) => keys.revoke(tx, revoked.key.id, operator));
  expect(await statusFor(revoked)).toBe(401);
  const expiring = await create({ expiresInDays: 1 });
  world.clock.advance(24 * hourMs - 1);
  expect(await statusFor(expiring)).toBe(200);
  world.clock.advance(1);
  expect(await statusFor(expiring)).toBe(401);
});

it('a key acts beside its successor for the overlap, and is replaced once', async () => {
  const first = await create();
  const rotate = () => database.transaction((tx) => keys.rotate(tx, first.key.id, 2, operator));
  const outcomes = await Promise.allSettled([rotate(), rotate(), rotate()]);
  const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(made).toHaveLength(1);
  const [second] = made as [CreatedApiKey];
  expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200]);
  world.clock.advance(2 * hourMs);
  expect([await statusFor(first), await statusFor(second)]).toEqual([401, 200]);
});

it('a key may make as many requests a minute as its limit says, also at once', async () => {
  const { token } = await create({ requestsPerMinute: 40 });
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask(token)));
  const count = (status: number) => answers.filter(({ statusCode }) => statusCode === status).length;
  expect([count(200), count(429)]).toEqual([40, 20]);
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  expect(refused?.headers).toMatchObject({
    'ratelimit-policy': '"key";q=40;w=60',
    ratelimit: '"key";r=0;t=60',
    'retry-after': '60',
  });
  world.clock.advance(minuteMs);
  const later = await ask(token);
  expect(later.statusCode).toBe(200);
  expect(later.headers['ratelimit']).toBe('"key";r=39;t=60');
});

it('two processes together never pass the limit of a key', async () => {
  const { token } = await create({ requestsPerMinute: 40 });
  const other = await createApp(world.config, world.clock);
  try {
    const askOther = () =>
      other.inject({ url: '/api/v1/access?externalId=x', headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? ask(token) : askOther())),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeLessThanOrEqual(40);
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(36);
  } finally {
    await other.close();
  }
});

it.each(['/api/v1/me', '/api/v1/admin/users', '/api/v1/auth/sessions', '/admin/users', '/api/v1/referral'])(
  'no key opens %s',
  async (url) => {
    const { token } = await create({
      scopes: ['people:read', 'people:write', 'access:read', 'credit:write', 'payments:write', 'events:read'],
    });
    const answer = await ask(token, url);
    expect(answer.statusCode).toBe(401);
  },
);

it('no session opens a route for keys', async () => {
  const admin = await world.given.user({ role: 'admin' });
  const answer = await world.app.inject({ url: '/api/v1/access?externalId=x', headers: bearer(admin) });
  expect([answer.statusCode, answer.json().code]).toEqual([401, 'auth.required']);
});

it('making, replacing and revoking a key is in the audit log', async () => {
  const { key } = await create();
  const { key: successor } = await database.transaction((tx) => keys.rotate(tx, key.id, 1, operator));
  await database.transaction((tx) => keys.revoke(tx, key.id, operator));
  const { rows } = await world.sql.query<{ action: string }>(
    `SELECT action, details->>'successorId' AS successor FROM platform.audit WHERE details->>'keyId' = $1 ORDER BY action`,
    [key.id],
  );
  expect(rows).toEqual([
    { action: 'api_key.created', successor: null },
    { action: 'api_key.revoked', successor: null },
    { action: 'api_key.rotated', successor: successor.id },
  ]);
});
