import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys, type CreatedApiKey } from '../../src/auth/index.js';
import { Secrets } from '../../src/platform/security/secrets.js';
import { liveRoutes } from '../security/live-routes.js';
import { routeAccess } from '../security/route-access.js';
import { givenHostKey, givenPerson, givenPersonToken, hostOrigin } from '../support/person-tokens.js';
import { createWorld, type World } from '../support/world.js';

const minuteMs = 60_000;
const operator = { kind: 'operator' } as const;

let world: World;
let key: CreatedApiKey;
let annasCode: string;
beforeAll(async () => {
  world = await createWorld();
  key = await givenHostKey(world);
  annasCode = await givenPerson(world, key, 'anna');
  await givenPerson(world, key, 'bert', annasCode);
});
afterAll(() => world.close());

const tokenOf = (externalId: string) => givenPersonToken(world, key, externalId);

function send(
  token: string,
  route: string,
  { origin, ...more }: InjectOptions & { origin?: string | null } = {},
): Promise<LightMyRequestResponse> {
  const [method, url] = route.split(' ') as ['GET', string];
  return world.app.inject({
    method,
    url,
    ...more,
    headers: {
      authorization: `Bearer ${token}`,
      ...(origin === null ? {} : { origin: origin ?? hostOrigin }),
      ...more.headers,
    },
  });
}

const codeOf = (answer: LightMyRequestResponse) => answer.json<{ code: string }>().code;
const refusal = (answer: LightMyRequestResponse) => [answer.statusCode, codeOf(answer)];

describe('a person token', () => {
  it('a person token reads its person’s referral, invites and credit, and changes their code', async () => {
    const token = await tokenOf('anna');
    expect(token).toMatch(/^tfp_/);
    const referral = await send(token, 'GET /api/v1/referral');
    expect([referral.statusCode, codeOf(referral)]).toEqual([200, annasCode]);
    expect(referral.json()).toMatchObject({ paused: false, reward: expect.stringContaining('45 days') });
    const invites = await send(token, 'GET /api/v1/referral/invites', {
      headers: { 'accept-language': 'de' },
    });
    expect(invites.json()).toMatchObject({
      items: [{ label: 'b•••@e•••.org', status: 'pending', nextStep: expect.stringContaining('Zahlung') }],
    });
    expect((await send(token, 'GET /api/v1/credit')).json()).toMatchObject({ until: null, entries: [] });
    const changed = await send(token, 'PUT /api/v1/referral/code', { payload: { code: 'ANNA-HOST' } });
    expect([changed.statusCode, changed.json()]).toEqual([200, { code: 'ANNA-HOST' }]);
    expect(
      await world.see.count(
        `platform.audit WHERE action = 'referral.code_changed' AND details->>'keyId' = $1`,
        [key.key.id],
      ),
    ).toBe(1);
  });

  it('a person token is one person’s: no route names another, and no parameter, header or cookie changes whose data it is', async () => {
    const bert = await world.given.user();
    const token = await tokenOf('bert');
    const own = (await send(token, 'GET /api/v1/referral')).json<{ code: string }>().code;
    expect(own).not.toBe(annasCode);
    for (const query of ['userId=anna', 'externalId=anna', `id=${bert.id}`, 'me.userId=anna']) {
      const answer = await send(token, `GET /api/v1/referral?${query}`);
      if (answer.statusCode === 200) expect(codeOf(answer)).toBe(own);
      else expect(answer.statusCode).toBe(422);
    }
    const withCookie = await send(token, 'GET /api/v1/referral', {
      headers: { cookie: `tf_session=${bert.token}` },
    });
    expect(codeOf(withCookie)).toBe(own);
    for (const route of routeAccess.personToken) expect(route).not.toContain(':');
  });

  it('a person token opens no other route that asks who calls', async () => {
    const token = await tokenOf('anna');
    const others = liveRoutes(world).filter(
      ({ method, pattern }) =>
        ![...routeAccess.everybody, ...routeAccess.personToken].includes(
          `${method === 'HEAD' ? 'GET' : method} ${pattern}`,
        ),
    );
    expect(others.length).toBeGreaterThan(100);
    for (const { method, url } of others) {
      const answer = await send(token, `${method} ${url}`);
      expect([method, url, answer.statusCode]).toEqual([method, url, 403]);
      if (method !== 'HEAD')
        expect([method, url, codeOf(answer)]).toEqual([method, url, 'auth.token_limited']);
    }
  });

  it('a person token counts only from an origin that its key lists', async () => {
    const token = await tokenOf('anna');
    const other = await givenHostKey(world, { origins: ['https://other.example'] });
    expect(other.key.origins).toEqual(['https://other.example']);
    const origins = [
      'https://other.example',
      'https://evil.example',
      'null',
      '',
      `${hostOrigin}.evil.example`,
      `${hostOrigin}:8443`,
      `${hostOrigin}/`,
      'http://host.example',
      null,
    ];
    for (const origin of origins) {
      const answer = await send(token, 'GET /api/v1/referral', { origin });
      expect([origin, ...refusal(answer)]).toEqual([origin, 403, 'auth.foreign_origin']);
    }
  });

  it('a person token ends after 15 minutes', async () => {
    const answer = await send(key.token, 'POST /api/v1/people/anna/tokens');
    const { token, expiresAt } = answer.json<{ token: string; expiresAt: string }>();
    expect(new Date(expiresAt).getTime() - world.clock.now().getTime()).toBe(15 * minuteMs);
    world.clock.advance(15 * minuteMs - 1);
    expect((await send(token, 'GET /api/v1/referral')).statusCode).toBe(200);
    world.clock.advance(1);
    const ended = await send(token, 'GET /api/v1/referral');
    expect(refusal(ended)).toEqual([401, 'auth.token_refused']);
    // the page may read that, and ask for a new one
    expect(ended.headers['access-control-allow-origin']).toBe(hostOrigin);
  });

  it('a person token ends with its key: at once when it is revoked, and when it expires', async () => {
    const keys = world.app.get(ApiKeys, { strict: false });
    const revoked = await givenHostKey(world);
    const token = await givenPersonToken(world, revoked, 'anna');
    expect((await send(token, 'GET /api/v1/credit')).statusCode).toBe(200);
    await world.database.transaction((tx) => keys.revoke(tx, revoked.key.id, operator));
    expect(refusal(await send(token, 'GET /api/v1/credit'))).toEqual([401, 'auth.token_refused']);
    const expiring = await givenHostKey(world, { expiresInDays: 1 });
    world.clock.advance(24 * 60 * minuteMs - 1);
    const last = await givenPersonToken(world, expiring, 'anna');
    expect((await send(last, 'GET /api/v1/credit')).statusCode).toBe(200);
    world.clock.advance(1);
    expect(refusal(await send(last, 'GET /api/v1/credit'))).toEqual([401, 'auth.token_refused']);
  });

  it('a person token cannot be made up or changed', async () => {
    const token = await tokenOf('anna');
    const [body = '', mac = ''] = token.slice(4).split('.');
    const forged = Buffer.from(body, 'base64url')
      .toString()
      .replace(/\d$/, (last) => `${last}9`);
    const stranger = new Secrets(['another-secret-key-that-is-long-enough-0123456789']);
    const session = world.app.get(Secrets, { strict: false }).sign('cookie', forged);
    const wrong = [
      `tfp_${Buffer.from(forged).toString('base64url')}.${mac}`,
      `tfp_${body}.${'A'.repeat(mac.length)}`,
      `tfp_${body}`,
      `tfp_${body}.`,
      `tfp_.${mac}`,
      'tfp_',
      `tfp_${stranger.sign('person_token', forged)}`,
      `tfp_${session}`,
      `tfp_${world.app.get(Secrets, { strict: false }).sign('person_token', 'x')}`,
    ];
    for (const made of wrong)
      expect([made, ...refusal(await send(made, 'GET /api/v1/referral'))]).toEqual([
        made,
        401,
        'auth.token_refused',
      ]);
  });

  it('a person token of an erased person is refused, also when the product saves the person again', async () => {
    await givenPerson(world, key, 'carl');
    const token = await tokenOf('carl');
    expect((await send(key.token, 'DELETE /api/v1/people/carl')).statusCode).toBe(204);
    expect(refusal(await send(token, 'GET /api/v1/referral'))).toEqual([401, 'auth.token_refused']);
    await givenPerson(world, key, 'carl');
    expect(refusal(await send(token, 'GET /api/v1/referral'))).toEqual([401, 'auth.token_refused']);
  });

  it('a person token of a merged account acts for the account that its person has now', async () => {
    await givenPerson(world, key, 'dora');
    const into = await world.given.user();
    const token = await tokenOf('dora');
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM auth."user" WHERE external_id = 'dora'`,
    );
    const root = await world.given.user({ role: 'admin' });
    const merged = await world.app.inject({
      method: 'POST',
      url: '/api/v1/admin/merges',
      headers: { authorization: `Bearer ${root.token}` },
      payload: { fromUserId: rows[0]?.id, intoUserId: into.id, reason: 'one person' },
    });
    expect(merged.statusCode).toBe(201);
    expect(codeOf(await send(token, 'GET /api/v1/referral'))).toBe(await world.given.referralCodeOf(into));
  });

  it('a person may make 120 requests a minute, whatever the number of tokens', async () => {
    await givenPerson(world, key, 'emil');
    const tokens = [await tokenOf('emil'), await tokenOf('emil')];
    const ask = (index: number) => send(tokens[index % 2] ?? '', 'GET /api/v1/credit');
    const answers = await Promise.all(Array.from({ length: 121 }, (_, index) => ask(index)));
    expect(
      answers
        .map(({ statusCode }) => statusCode)
        .sort()
        .slice(-2),
    ).toEqual([200, 429]);
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'access-control-allow-origin': hostOrigin,
    });
    world.clock.advance(minuteMs);
    expect((await ask(0)).statusCode).toBe(200);
  });
});

describe('making a person token', () => {
  it('a key without origins makes none, and the answer says how to make a key that does', async () => {
    const without = await givenHostKey(world, { origins: [] });
    const answer = await send(without.token, 'POST /api/v1/people/anna/tokens', { origin: null });
    expect([...refusal(answer), answer.json<{ detail: string }>().detail]).toEqual([
      409,
      'auth.key_without_origins',
      expect.stringContaining('npx twofold api-keys create'),
    ]);
  });

  it('a person who is not known, or a key without the scope, gets none', async () => {
    const unknown = await send(key.token, 'POST /api/v1/people/nobody-here/tokens');
    expect(refusal(unknown)).toEqual([404, 'request.not_found']);
    const reader = await world.given.apiKey('people:read');
    expect(refusal(await send(reader, 'POST /api/v1/people/anna/tokens'))).toEqual([
      403,
      'auth.scope_missing',
    ]);
  });

  it('a person token is stored nowhere', async () => {
    const before = await world.see.count('platform.idempotency');
    const token = await tokenOf('anna');
    await send(key.token, 'POST /api/v1/people/anna/tokens', { headers: { 'idempotency-key': 'once' } });
    expect(await world.see.count('platform.idempotency')).toBe(before);
    expect(
      await world.see.count(`platform.audit a WHERE a::text LIKE '%' || $1 || '%'`, [token.slice(4, 60)]),
    ).toBe(0);
  });
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string, method = 'GET') =>
    world.app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    });

  it('a browser learns that an origin of a key may call what person tokens open, without cookies', async () => {
    for (const route of routeAccess.personToken) {
      const [method, url = ''] = route.split(' ');
      const { statusCode, headers } = await preflight(url, hostOrigin, method);
      expect([url, statusCode, headers]).toEqual([
        url,
        204,
        expect.objectContaining({
          'access-control-allow-origin': hostOrigin,
          'access-control-allow-methods': 'GET, PUT',
          'access-control-allow-headers': expect.stringContaining('authorization'),
          vary: expect.stringContaining('Origin'),
        }),
      ]);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('a browser learns nothing for another origin, for one of a key that has ended, and on every other route', async () => {
    const ended = await givenHostKey(world, { origins: ['https://ended.example'] });
    const keys = world.app.get(ApiKeys, { strict: false });
    expect((await preflight('/api/v1/referral', 'https://ended.example')).headers).toHaveProperty(
      'access-control-allow-origin',
    );
    await world.database.transaction((tx) => keys.revoke(tx, ended.key.id, operator));
    for (const origin of ['https://ended.example', 'https://evil.example', 'null', `${hostOrigin}/`, '%'])
      for (const answer of [
        await preflight('/api/v1/referral', origin),
        await world.app.inject({ url: '/api/v1/referral', headers: { origin } }),
      ]) {
        const sent = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
        expect([origin, sent, answer.headers.vary]).toEqual([origin, [], 'Origin']);
      }
    for (const url of ['/api/v1/me', '/api/v1/referral/codes', '/api/v1/people/anna', '/settings'])
      expect((await preflight(url, hostOrigin)).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
