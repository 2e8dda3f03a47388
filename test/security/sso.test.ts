import { createServer, type Server } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import { exportJWK, exportSPKI, generateKeyPair, type CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthRetention } from '../../src/auth/auth-maintenance.js';
import { setBrand } from '../../src/platform/brand.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { givenPeople, signSsoToken, ssoIssuer, ssoPath, ssoSecret } from '../support/sso-links.js';
import { createWorld, type World } from '../support/world.js';

const productUrl = 'https://host.example/app';
const olderSecret = 'the-secret-of-before-which-still-verifies-01234';
const second = 1_000;
let world: World;
beforeAll(async () => {
  world = await createWorld({ ssoSecrets: [ssoSecret, olderSecret], ssoIssuer, productUrl });
  await givenPeople(world, 'anna', 'bert');
});
afterAll(async () => {
  await world.close();
  setBrand(loadConfig({})); // other test files share this process
});

const html = { accept: 'text/html' };
const open = (path: string, headers: Record<string, string> = {}, in_ = world) =>
  in_.app.inject({ url: path, headers: { ...html, ...headers } });
const sessionOf = (answer: LightMyRequestResponse) =>
  answer.cookies.find(({ name, value }) => name === 'tf_session' && value !== '')?.value ?? null;
const cookie = (token: string | null) => ({ cookie: `tf_session=${token ?? ''}` });
const emailOf = async (token: string | null) =>
  (await world.app.inject({ url: '/api/v1/me', headers: cookie(token) })).json<{ email?: string }>().email;
const sessionsOf = (externalId: string) =>
  world.see.count(`auth.session s JOIN auth."user" u ON u.id = s.user_id WHERE u.external_id = $1`, [
    externalId,
  ]);
const signInBySso = async (externalId: string) =>
  sessionOf(await open(ssoPath(await signSsoToken(world, externalId))));

describe('an SSO link', () => {
  it('signs its person in, leads to the settings or to a path of this site, and leaves an audit entry', async () => {
    for (const [next, target] of [
      [undefined, '/settings'],
      ['/settings?tab=1#invites', '/settings?tab=1#invites'],
      ['https://evil.example', '/settings'],
      ['//evil.example', '/settings'],
      ['/\\evil.example', '/settings'],
    ] as const) {
      const answer = await open(ssoPath(await signSsoToken(world, 'anna'), next));
      expect([next, answer.statusCode, answer.headers.location]).toEqual([next, 303, target]);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(await emailOf(sessionOf(answer))).toBe('anna@example.org');
    }
    expect(await world.see.count(`platform.audit WHERE action = 'auth.sso_signed_in'`)).toBe(5);
  });

  it('counts once, also of sixteen uses at once', async () => {
    const before = await sessionsOf('anna');
    const path = ssoPath(await signSsoToken(world, 'anna'));
    const answers = await Promise.all(Array.from({ length: 16 }, () => open(path)));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([303, ...Array(15).fill(410)]);
    expect(await sessionsOf('anna')).toBe(before + 1);
  });

  it('is not used up by a request that no person makes', async () => {
    const path = ssoPath(await signSsoToken(world, 'anna'));
    const head = await world.app.inject({ method: 'HEAD', url: path });
    expect(head.statusCode).toBe(400);
    const notOpened: Record<string, string>[] = [
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'sec-fetch-dest': 'image' },
      { 'sec-fetch-dest': 'iframe' },
    ];
    for (const headers of notOpened)
      expect([headers, (await open(path, headers)).statusCode]).toEqual([headers, 400]);
    expect((await open(path, { 'sec-fetch-dest': 'document' })).statusCode).toBe(303);
  });

  it('is signed by any of the secrets', async () => {
    const key = new TextEncoder().encode(olderSecret);
    expect((await open(ssoPath(await signSsoToken(world, 'anna', {}, { key })))).statusCode).toBe(303);
  });

  it.each([
    ['no subject', { sub: undefined }, 401],
    ['a subject that is no person', { sub: 'nobody' }, 401],
    ['a subject that is no text', { sub: 7 }, 401],
    ['no id', { jti: undefined }, 401],
    ['an empty id', { jti: '' }, 401],
    ['an id that is no text', { jti: 7 }, 401],
    ['an id that is too long', { jti: 'x'.repeat(256) }, 401],
    ['no issuer', { iss: undefined }, 401],
    ['another issuer', { iss: 'https://evil.example' }, 401],
    ['no audience', { aud: undefined }, 401],
    ['another audience', { aud: 'https://evil.example' }, 401],
    ['no issue time', { iat: undefined }, 401],
    ['no end', { exp: undefined }, 401],
    ['an end that is no number', { exp: '9999999999' }, 401],
  ])('is refused with %s', async (_what, claims, status) => {
    const answer = await open(ssoPath(await signSsoToken(world, 'anna', claims)));
    expect([answer.statusCode, sessionOf(answer)]).toEqual([status, null]);
  });

  it.each([
    ['iat', -301, 120, 410],
    ['iat', -300, 0, 303],
    ['iat', -300, 1, 401], // lives longer than five minutes
    ['iat', 30, 330, 303],
    ['iat', 31, 300, 401],
    ['exp', -60, -30, 410],
    ['exp', -60, -29, 303],
  ])('by its %s, issued %d s from now and valid until %d s from now, is answered with %d', async (...row) => {
    const [, iat, exp, status] = row;
    const { seconds } = world.when;
    const token = await signSsoToken(world, 'anna', { iat: seconds + iat, exp: seconds + exp });
    expect((await open(ssoPath(token))).statusCode).toBe(status);
  });

  it('lives for five and a half minutes at most, whatever the clocks say', async () => {
    const { seconds } = world.when;
    const claims = { iat: seconds + 30, exp: seconds + 330 };
    const [first, last, late] = [
      await signSsoToken(world, 'anna', claims),
      await signSsoToken(world, 'anna', claims),
      await signSsoToken(world, 'anna', claims),
    ];
    expect((await open(ssoPath(first))).statusCode).toBe(303);
    world.clock.advance(330 * second);
    expect((await open(ssoPath(last))).statusCode).toBe(303);
    world.clock.advance(second);
    expect((await open(ssoPath(late))).statusCode).toBe(410);
  });

  it('is remembered as used for as long as it could be used, and then forgotten', async () => {
    await signInBySso('anna');
    const retention = world.app.get(AuthRetention, { strict: false });
    world.clock.advance(120 * second);
    await retention.purge();
    expect(await world.see.count('auth.used_sso_token')).toBeGreaterThan(0);
    world.clock.advance(3_600 * second);
    await retention.purge();
    expect(await world.see.count('auth.used_sso_token')).toBe(0);
  });

  it('counts against its network when it is refused, and against its person when it is right', async () => {
    const limited = await createWorld({ ssoSecrets: [ssoSecret], ssoIssuer, signInLimitFactor: 1 });
    await givenPeople(limited, 'anna', 'bert');
    const use = async (externalId: string) =>
      (await open(ssoPath(await signSsoToken(limited, externalId)), {}, limited)).statusCode;
    for (let count = 0; count < 60; count++) expect([count, await use('anna')]).toEqual([count, 303]);
    expect([await use('anna'), await use('bert')]).toEqual([429, 303]);
    for (let count = 0; count < 60; count++) expect([count, await use('nobody')]).toEqual([count, 401]);
    const refused = await open('/sso?token=a.b.c', {}, limited);
    expect([refused.statusCode, Number(refused.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    expect(await use('bert')).toBe(303);
    await limited.close();
  });
});

describe('a token', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is unreadable where it is no token', async () => {
    for (const path of [
      '/sso',
      '/sso?token=',
      '/sso?token=x',
      '/sso?token=a.b.c',
      `/sso?token=${'x'.repeat(5_000)}`,
    ])
      expect([path, (await open(path)).statusCode]).toEqual([path, 400]);
    const token = await signSsoToken(world, 'anna');
    expect((await open(`${ssoPath(token)}&token=${token}`)).statusCode).toBe(400);
  });

  it('is refused when it says itself that it needs no signature, or is signed by another secret', async () => {
    const { seconds } = world.when;
    const claims = { sub: 'anna', jti: 'j', iss: ssoIssuer, aud: world.config.baseUrl };
    const unsigned = `${encode({ alg: 'none' })}.${encode({ ...claims, iat: seconds, exp: seconds + 60 })}.`;
    expect((await open(ssoPath(unsigned))).statusCode).toBe(401);
    const key = new TextEncoder().encode('x'.repeat(48));
    expect((await open(ssoPath(await signSsoToken(world, 'anna', {}, { key })))).statusCode).toBe(401);
    const [header = '', body = '', signature = ''] = (await signSsoToken(world, 'anna')).split('.');
    const other = encode({
      ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object),
      sub: 'bert',
    });
    expect((await open(ssoPath([header, other, signature].join('.')))).statusCode).toBe(401);
  });

  it('stands in no table and no audit entry', async () => {
    const token = await signSsoToken(world, 'anna');
    await open(ssoPath(token));
    const { rows } = await world.sql.query<{ text: string }>(
      `SELECT a::text AS text FROM platform.audit a UNION ALL SELECT o::text FROM platform.outbox o
       UNION ALL SELECT s::text FROM auth.session s UNION ALL SELECT t::text FROM auth.used_sso_token t`,
    );
    expect(rows.length).toBeGreaterThan(2);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      jti: string;
    };
    for (const { text } of rows)
      for (const part of [...token.split('.'), claims.jti]) expect(text).not.toContain(part);
  });
});

describe('the session of an SSO link', () => {
  const asMe = (token: string | null) => ({ authorization: `Bearer ${token ?? ''}` });

  it('is no proof of the address: a change of address asks for a code of the present one', async () => {
    await givenPeople(world, 'carla');
    const token = await signInBySso('carla');
    const payload = await world.given.challenge('carla.new@example.org');
    const url = '/api/v1/me/email';
    const refused = await world.app.inject({ method: 'POST', url, headers: asMe(token), payload });
    expect(refused.json()).toMatchObject({ status: 403, code: 'auth.fresh_sign_in_needed' });
    const { challengeId, code } = await world.given.challenge('carla@example.org');
    const both = { ...payload, currentChallengeId: challengeId, currentCode: code };
    const changed = await world.app.inject({ method: 'POST', url, headers: asMe(token), payload: both });
    expect(changed.statusCode).toBe(200);
  });

  it('is never one of staff: they sign in with a code, and a session of before opens nothing', async () => {
    await givenPeople(world, 'dora');
    const token = await signInBySso('dora');
    expect(await emailOf(token)).toBe('dora@example.org');
    for (const role of ['support', 'admin']) {
      await world.sql.query(`UPDATE auth."user" SET role = $1 WHERE external_id = 'dora'`, [role]);
      const answer = await open(ssoPath(await signSsoToken(world, 'dora')));
      expect([role, answer.statusCode, sessionOf(answer)]).toEqual([role, 403, null]);
      expect(answer.body).toContain('Please sign in with a code');
      expect([role, await emailOf(token)]).toEqual([role, undefined]);
    }
  });

  it('stays, and a session by code does, when the same person follows another link', async () => {
    const { token } = await world.given.user({ email: 'anna@example.org' });
    const answer = await open(ssoPath(await signSsoToken(world, 'anna'), '/pricing'), cookie(token));
    expect([answer.statusCode, answer.headers.location, sessionOf(answer)]).toEqual([303, '/pricing', null]);
    expect(await emailOf(token)).toBe('anna@example.org');
  });

  it('replaces that of another person only after a confirmation', async () => {
    const bert = await signInBySso('bert');
    const token = await signSsoToken(world, 'anna');
    const page = await open(ssoPath(token, '/pricing'), cookie(bert));
    expect([page.statusCode, sessionOf(page)]).toEqual([200, null]);
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(page.body).toContain('You are signed in as b•••@e•••.org.');
    expect(page.body).toContain('Continue as a•••@e•••.org');
    const [, csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? [];
    const confirm = (headers: Record<string, string>, fields: Record<string, string>) =>
      world.app.inject({
        method: 'POST',
        url: '/sso',
        headers: {
          ...html,
          ...cookie(bert),
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        payload: new URLSearchParams({ token, next: '/pricing', ...fields }).toString(),
      });
    expect((await confirm({ origin: 'https://evil.example' }, { _csrf: csrf })).statusCode).toBe(403);
    expect((await confirm({}, {})).statusCode).toBe(403);
    expect(await emailOf(bert)).toBe('bert@example.org');
    const confirmed = await confirm({}, { _csrf: csrf });
    expect([confirmed.statusCode, confirmed.headers.location]).toEqual([303, '/pricing']);
    expect([await emailOf(sessionOf(confirmed)), await emailOf(bert)]).toEqual([
      'anna@example.org',
      undefined,
    ]);
    expect((await confirm(cookie(sessionOf(confirmed)), { _csrf: csrf })).statusCode).toBe(403);
  });

  it('is never the one that another person put into the browser', async () => {
    const planted = 'A'.repeat(43);
    const answer = await open(ssoPath(await signSsoToken(world, 'anna')), cookie(planted));
    expect([answer.statusCode, sessionOf(answer) === planted, await emailOf(planted)]).toEqual([
      303,
      false,
      undefined,
    ]);
  });

  it('is not opened for a person who was erased', async () => {
    await givenPeople(world, 'emil');
    const key = await world.given.apiKey('people:write');
    const token = await signSsoToken(world, 'emil');
    const headers = { authorization: `Bearer ${key}` };
    const erased = await world.app.inject({ method: 'DELETE', url: '/api/v1/people/emil', headers });
    expect([erased.statusCode, (await open(ssoPath(token))).statusCode]).toEqual([204, 401]);
  });
});

describe('a refusal', () => {
  beforeAll(() => setBrand(world.config)); // of the world that was made last

  it.each([
    ['en', 'This link has expired', 'Back to Twofold'],
    ['de', 'Dieser Link ist abgelaufen', 'Zurück zu Twofold'],
  ])('is a page in the language %s that leads back to the product', async (language, title, back) => {
    const path = ssoPath(await signSsoToken(world, 'anna'));
    await open(path);
    const page = await open(path, { 'accept-language': language });
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      410,
      expect.stringContaining('text/html'),
    ]);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
    expect(page.body).toContain(`<h1>${title}</h1>`);
    expect(page.body).toMatch(new RegExp(`href="${productUrl}"[^>]*>\\s*${back}`));
    expect(page.body).toContain('href="/login"');
  });

  it('is a problem document for a program', async () => {
    const answer = await world.app.inject({ url: '/sso?token=x' });
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'auth.sso_unreadable' }),
    ]);
  });

  it('is 404 where SSO is not configured', async () => {
    const closed = await createWorld();
    for (const method of ['GET', 'POST'] as const) {
      const payload = method === 'POST' ? { token: 'x' } : undefined;
      const answer = await closed.app.inject({ method, url: '/sso', ...(payload && { payload }) });
      expect([method, answer.statusCode]).toEqual([method, 404]);
    }
    await closed.close();
  });
});

describe('with published keys', () => {
  let keys: Server;
  let published: World;
  let pair: { publicKey: CryptoKey; privateKey: CryptoKey };
  let requests = 0;
  let answer: { status: number; body: string; delayMs?: number };

  beforeAll(async () => {
    pair = await generateKeyPair('RS256', { extractable: true });
    keys = createServer((_request, response) => {
      requests++;
      setTimeout(() => {
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      }, answer.delayMs ?? 0);
    });
    await new Promise<void>((ready) => keys.listen(0, '127.0.0.1', ready));
    published = await createWorld({ ssoJwksUrl: url(), ssoIssuer, productUrl });
    await givenPeople(published, 'anna');
  });
  afterAll(async () => {
    await published.close();
    keys.closeAllConnections();
    keys.close();
  });
  afterEach(() => {
    answer = { status: 200, body: '' };
  });

  const url = () => `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
  const publish = async (...all: { publicKey: CryptoKey }[]) => {
    const jwks = await Promise.all(
      all.map(async ({ publicKey }, index) => ({ ...(await exportJWK(publicKey)), kid: String(index) })),
    );
    answer = { status: 200, body: JSON.stringify({ keys: jwks }) };
  };
  const use = async (alg: string, key: CryptoKey | Uint8Array, kid?: string) => {
    const header = kid === undefined ? { alg } : { alg, kid };
    return open(ssoPath(await signSsoToken(published, 'anna', {}, { key, header })), {}, published);
  };

  it.each([
    ['an answer that is no success', { status: 500, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['an answer that is no key set', { status: 200, body: '<html>' }],
    ['another document', { status: 200, body: '{}' }],
  ])('%s is a page that says to try again, not that we failed', async (_what, given) => {
    answer = given;
    const page = await use('RS256', pair.privateKey);
    expect([page.statusCode, page.body]).toEqual([
      502,
      expect.stringContaining('We could not check this link'),
    ]);
  });

  it('a key set that cannot be reached is that page, too', async () => {
    const nowhere = await createWorld({ ssoJwksUrl: 'http://127.0.0.1:9/jwks.json', ssoIssuer });
    await givenPeople(nowhere, 'anna');
    const token = await signSsoToken(nowhere, 'anna', {}, { key: pair.privateKey, header: { alg: 'RS256' } });
    expect((await open(ssoPath(token), {}, nowhere)).statusCode).toBe(502);
    await nowhere.close();
  });

  it('RS256, ES256 and EdDSA verify, by keys that are fetched once', async () => {
    const elliptic = await generateKeyPair('ES256', { extractable: true });
    const edwards = await generateKeyPair('EdDSA', { extractable: true });
    await publish(pair, elliptic, edwards);
    requests = 0;
    for (const [alg, { privateKey }, kid] of [
      ['RS256', pair, '0'],
      ['ES256', elliptic, '1'],
      ['EdDSA', edwards, '2'],
      ['RS256', pair, undefined],
    ] as const)
      expect([alg, (await use(alg, privateKey, kid)).statusCode]).toEqual([alg, 303]);
    expect(requests).toBe(1);
  });

  it('a key of others, an unknown key and an algorithm that was not agreed on are refused', async () => {
    const other = await generateKeyPair('RS256');
    const weaker = await generateKeyPair('PS256');
    expect((await use('RS256', other.privateKey)).statusCode).toBe(401);
    expect((await use('RS256', other.privateKey, 'unknown')).statusCode).toBe(401);
    expect((await use('PS256', weaker.privateKey)).statusCode).toBe(401);
  });

  it('the published key is no secret: a token signed with its text is refused', async () => {
    const pem = await exportSPKI(pair.publicKey);
    for (const text of [pem, pem.trim(), JSON.stringify(await exportJWK(pair.publicKey))])
      expect((await use('HS256', new TextEncoder().encode(text))).statusCode).toBe(401);
  });
});

const ssoEnvironment = (env: NodeJS.ProcessEnv) => () => loadConfig({ SSO_ISSUER: ssoIssuer, ...env });
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

it.each([
  ['SSO_SECRET', { SSO_SECRET: 'x'.repeat(31) }],
  ['SSO_SECRET', { SSO_SECRET: `${ssoSecret},short` }],
  ['SSO_SECRET', { SSO_SECRET: publicKey.export({ type: 'spki', format: 'pem' }).toString() }],
  ['SSO_SECRET', { SSO_SECRET: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }],
  ['SSO_SECRET', { SSO_SECRET: JSON.stringify(publicKey.export({ format: 'jwk' })) }],
  ['SSO_ISSUER', { SSO_SECRET: ssoSecret, SSO_ISSUER: '' }],
  ['SSO_ISSUER', { SSO_JWKS_URL: 'https://host.example/jwks', SSO_ISSUER: '' }],
  ['SSO_JWKS_URL', { SSO_JWKS_URL: 'https://host.example/jwks', SSO_SECRET: ssoSecret }],
  ['SSO_JWKS_URL', { SSO_JWKS_URL: 'http://host.example/jwks' }],
  ['SSO_JWKS_URL', { SSO_JWKS_URL: 'file:///etc/keys' }],
])('%s is refused at the start of a process: %j', (name, env) => {
  expect(ssoEnvironment(env)).toThrow(new RegExp(`- ${name}: `));
});

it.each([
  { SSO_SECRET: `${ssoSecret},${olderSecret}` },
  { SSO_JWKS_URL: 'https://10.0.0.7/jwks' },
  { SSO_JWKS_URL: 'http://[::1]:4000/jwks' },
])('a process starts with %j', (env) => {
  expect(ssoEnvironment(env)).not.toThrow();
});
