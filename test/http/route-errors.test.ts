import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InjectOptions } from 'fastify';
import { scopes } from '../../src/platform/security/api-key.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  takesBody: boolean;
  isOpen: boolean;
  isForKeys: boolean;
}

/**
 * Routes that an anonymous visitor may call; what they do with an anonymous visitor has tests of
 * its own.
 */
const publicRoutes = [
  'POST /api/v1/auth/challenges',
  'POST /api/v1/auth/sessions',
  'GET /api/v1/referral/codes/',
  'GET /api/v1/billing/plans',
];

/**
 * Every route of the API, as its description lists them: a new one is tried without anybody
 * thinking of it.
 */
describe('every route', () => {
  let world: World;
  let anna: Person;
  let apiKey: string;
  let routes: Route[];
  beforeAll(async () => {
    world = await createWorld();
    anna = await world.given.user({ role: 'admin' });
    apiKey = await world.given.apiKey(...scopes);
    routes = await routesOf(world);
  });
  afterAll(() => world.close());

  it('every route is described', () => {
    expect(routes.length).toBeGreaterThan(20);
  });

  it('every route refuses visitors with 401', async () => {
    for (const route of routes.filter(({ isOpen }) => !isOpen))
      await refuses({ ...route, payload: route.takesBody ? {} : undefined }, 401, 'auth.required');
  });

  it('every route refuses a token that is not one with 401', async () => {
    for (const route of routes.filter(({ isOpen }) => !isOpen))
      await refuses({ ...route, headers: { authorization: 'Bearer nonsense' } }, 401, 'auth.required');
  });

  it('every route refuses a change that another site asks for with 403', async () => {
    const headers = { cookie: `tf_session=${anna.token}`, origin: 'https://evil.example' };
    for (const route of changes())
      await refuses({ ...route, headers, payload: {} }, 403, 'auth.foreign_origin');
  });

  it('every route refuses a change by cookie that names no origin with 403', async () => {
    const headers = { cookie: `tf_session=${anna.token}` };
    for (const route of changes())
      await refuses({ ...route, headers, payload: {} }, 403, 'auth.foreign_origin');
  });

  it('every route refuses a body that is no JSON with 400', async () => {
    for (const route of bodies()) {
      const headers = { ...callerOf(route), 'content-type': 'application/json' };
      await refuses({ ...route, headers, payload: '{"half":' }, 400, 'request.unreadable');
    }
  });

  it('every route refuses a body over the limit with 413', async () => {
    const payload = `{"data":"${'x'.repeat(1_300_000)}"}`;
    for (const route of bodies()) {
      const headers = { ...callerOf(route), 'content-type': 'application/json' };
      await refuses({ ...route, headers, payload }, 413, 'request.too_large');
    }
  });

  it('every route refuses a kind of content it does not know with 415', async () => {
    for (const route of bodies()) {
      const headers = { ...callerOf(route), 'content-type': 'text/xml' };
      await refuses({ ...route, headers, payload: '<xml/>' }, 415, 'request.media_type');
    }
  });

  it('every route refuses unknown fields with 422', async () => {
    for (const route of bodies()) {
      const payload = { fieldThatNobodyKnows: 1 };
      await refuses({ ...route, headers: callerOf(route), payload }, 422, 'request.invalid');
    }
  });

  it('every route answers 404 for what is not there, as a problem', async () => {
    await refuses({ method: 'GET', url: '/api/v1/nothing' }, 404, 'request.not_found');
    await refuses({ method: 'POST', url: '/webhooks/elsewhere', payload: {} }, 404, 'request.not_found');
    await refuses(
      { method: 'GET', url: '/api/v1/referral/invites/not-an-id/explain', headers: bearer(anna) },
      404,
      'request.not_found',
    );
  });

  describe('of Stripe’s', () => {
    const url = '/webhooks/stripe';
    const json = { 'content-type': 'application/json' };

    it('every route of Stripe’s refuses what is unsigned, badly signed, empty or no JSON with 400', async () => {
      const payload = JSON.stringify({ id: 'evt_1', object: 'event' });
      await refuses({ method: 'POST', url, headers: json, payload }, 400, 'billing.bad_signature');
      await refuses(
        { method: 'POST', url, headers: { ...json, 'stripe-signature': 't=1,v1=00' }, payload },
        400,
        'billing.bad_signature',
      );
      await refuses(
        { method: 'POST', url, headers: { ...json, 'stripe-signature': 't=1,v1=00' }, payload: '' },
        400,
      );
      await refuses(
        { method: 'POST', url, headers: { ...json, 'stripe-signature': 't=1,v1=00' }, payload: '{"half' },
        400,
      );
      await refuses(
        {
          method: 'POST',
          url,
          headers: { 'content-type': 'text/plain', 'stripe-signature': 't=1,v1=00' },
          payload,
        },
        400,
      );
    });

    it('every route of Stripe’s takes an event of 150 kB', async () => {
      const { given, when } = world;
      const bert = await given.user();
      await given.linkCustomer(bert);
      const answer = await when.stripeSends(when.invoicePaid(bert, { description: 'x'.repeat(150_000) }));
      expect(answer).toMatchObject({ status: 200, outcome: 'applied' });
    });
  });

  const callerOf = ({ isForKeys }: Route) => (isForKeys ? bearer({ token: apiKey }) : bearer(anna));
  // no cookie opens a route for keys
  const changes = () =>
    routes.filter(({ method, isOpen, isForKeys }) => method !== 'GET' && !isOpen && !isForKeys);
  const bodies = () => routes.filter(({ takesBody }) => takesBody);

  /** Sends it, and sees the refusal, and that nothing was written. */
  async function refuses(
    request: InjectOptions & { url: string },
    status: number,
    code?: string,
  ): Promise<void> {
    const before = await everything();
    const { method, url, headers, payload } = request;
    const answer = await world.app.inject({
      method,
      url,
      ...(headers && { headers }),
      ...(payload !== undefined && { payload }),
    });
    const told = `${String(method)} ${url}`;
    expect([told, answer.statusCode, answer.headers['content-type']]).toEqual([
      told,
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    const problem = answer.json<{ status: number; code: string; title: string; requestId: string }>();
    expect(problem).toMatchObject({
      status,
      title: expect.any(String),
      requestId: answer.headers['x-request-id'],
    });
    if (code !== undefined) expect([told, problem.code]).toEqual([told, code]);
    expect(await everything()).toEqual(before);
  }

  /** How many rows each of our tables has; limits are counted on purpose. */
  async function everything(): Promise<unknown> {
    const { rows } = await world.sql.query<{ name: string; n: string }>(
      `SELECT format('%I.%I', schemaname, relname) AS name,
         (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, relname), false, true, '')))[1]::text AS n
       FROM pg_stat_user_tables
       WHERE schemaname IN ('accounts','auth','billing','credit','notifications','platform','referral','settings') AND relname <> 'rate_limit' ORDER BY 1`,
    );
    return rows;
  }
});

async function routesOf(world: World): Promise<Route[]> {
  const answer = await world.app.inject({ url: '/api/openapi.json' });
  const { openapi, paths } = answer.json<{
    openapi: string;
    paths: Record<string, Record<string, { requestBody?: unknown; security?: object[] }>>;
  }>();
  expect(openapi).toMatch(/^3\.1/);
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([name, operation]) => {
        const method = name.toUpperCase() as Route['method'];
        const url = path.replace(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000');
        return {
          method,
          url,
          takesBody: operation.requestBody !== undefined,
          isOpen: publicRoutes.some((own) => `${method} ${url}`.startsWith(own)),
          isForKeys: operation.security?.some((own) => 'apiKey' in own) === true,
        };
      }),
    );
}
