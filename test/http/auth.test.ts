import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { createApp } from '../../src/create-app.js';
import { bearer } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let limitedWorld: World;

beforeAll(async () => {
  world = await createWorld();
  limitedWorld = await createWorld({ signInLimitFactor: 1 });
});
afterAll(() => Promise.all([world.close(), limitedWorld.close()]));

const someEmail = () => `${randomBytes(6).toString('hex')}@example.org`;
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  world.app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers });
const listSessions = (headers: Record<string, string>) =>
  world.app.inject({ url: '/api/v1/auth/sessions', headers });
const sessionCookie = (token: string) => ({ cookie: `tf_session=${token}` });

it.each([
  {},
  { email: '' },
  { email: 'anna' },
  { email: 5 },
  { email: 'a@b.org\r\nBcc: c@d.org' },
  { email: null },
])('the address of %j is refused', async (body) => {
  const answer = await post('auth/challenges', body);
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path: 'email' }] });
});

it('an unknown field is refused', async () =>
  expect((await post('auth/challenges', { email: someEmail(), role: 'admin' })).statusCode).toBe(422));

it.each([
  { challengeId: 'x', code: '123456' },
  { challengeId: '0190a0b0-0000-7000-8000-000000000000', code: '12345' },
  { challengeId: '0190a0b0-0000-7000-8000-000000000000', code: 123456 },
  {},
])('a code such as %j is not even tried', async (body) =>
  expect((await post('auth/sessions', body)).statusCode).toBe(422),
);

it('a challenge that was never made has expired', async () =>
  expect(
    (await post('auth/sessions', { challengeId: '0190a0b0-0000-7000-8000-000000000000', code: '123456' }))
      .statusCode,
  ).toBe(410));

it('an unknown invitation is no error and invites no one', async () => {
  const answer = await post('auth/challenges', { email: someEmail(), ref: 'nobody’s' });
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ invitedBy: null });
});

it('an invitation names who invites by the name they chose, never by an address', async () => {
  const anna = await world.given.user({ email: 'anna@example.org' });
  const code = await world.given.referralCodeOf(anna);
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
  const look = async () =>
    (await world.app.inject({ url: `/api/v1/referral/codes/${encodeURIComponent(typed)}` })).json();

  const invitedBy = { label: 'A friend' };
  const conditions = {
    ...{ minimumAmounts: {}, qualifyingPrices: [] },
    reward: '45 days of paid access when you first pay.',
  };
  expect(await look()).toEqual({
    ...{ valid: true, code, invitedBy, creditDays: 45, holdDays: 0 },
    ...conditions,
  });
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/me',
    payload: { displayName: ' Anna ' },
    headers: bearer(anna),
  });
  expect(await look()).toMatchObject({ invitedBy: { label: 'Anna' } });
  expect((await post('auth/challenges', { email: someEmail(), ref: code })).json()).toMatchObject({
    invitedBy: { label: 'Anna' },
  });
  expect((await world.app.inject({ url: '/api/v1/referral/codes/AAAAAAAA' })).json()).toMatchObject({
    valid: false,
    invitedBy: null,
  });
});

it('a profile takes a name, a language and a time zone, and nothing that deceives', async () => {
  const anna = await world.given.user();
  const put = (payload: object) =>
    world.app.inject({ method: 'PUT', url: '/api/v1/me', payload, headers: bearer(anna) });

  const good = await put({ displayName: 'Anna', locale: 'de-at', timeZone: 'Europe/Vienna' });
  expect(good.json()).toMatchObject({ displayName: 'Anna', locale: 'de-AT', timeZone: 'Europe/Vienna' });
  expect((await put({ displayName: null })).json()).toMatchObject({ displayName: null, locale: 'de-AT' });
  for (const bad of [
    { displayName: 'www.evil.example' },
    { displayName: 'A\u202eB' },
    { displayName: 5 },
    { locale: '??' },
    { timeZone: 'Mars' },
    { timeZone: null },
  ])
    expect([bad, (await put(bad)).statusCode]).toEqual([bad, 422]);
});

it('the session cookie is for this site alone, and scripts cannot read it', async () => {
  const answer = await post('auth/sessions', await world.given.challenge(someEmail()));
  const cookie = answer.cookies.find(({ name }) => name === 'tf_session');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect((await listSessions(sessionCookie(cookie?.value ?? ''))).statusCode).toBe(200);
});

it('a bearer header, even a bad one, switches the cookie off', async () => {
  const anna = await world.given.user();
  for (const authorization of ['Bearer nonsense', 'Basic YTpi', ''])
    expect((await listSessions({ ...sessionCookie(anna.token), authorization })).statusCode).toBe(401);
});

it('a cookie request that changes something needs our own Origin', async () => {
  const anna = await world.given.user();
  const signOut = (headers: Record<string, string>) =>
    world.app.inject({
      method: 'DELETE',
      url: '/api/v1/auth/sessions',
      headers: { ...sessionCookie(anna.token), ...headers },
    });

  expect((await signOut({})).statusCode).toBe(403);
  expect((await signOut({ origin: 'https://evil.example' })).statusCode).toBe(403);
  expect((await signOut({ origin: 'http://twofold.test' })).statusCode).toBe(204);
});

it('devices are listed and signed out, one’s own only', async () => {
  const anna = await world.given.user();
  const second = await world.given.user({ email: anna.email });
  const mallory = await world.given.user();
  const end = async (id: string, as: typeof anna) =>
    (await world.app.inject({ method: 'DELETE', url: `/api/v1/auth/sessions/${id}`, headers: bearer(as) }))
      .statusCode;

  const { items } = (await listSessions(bearer(anna))).json<{ items: { id: string; current: boolean }[] }>();
  expect(items.map(({ current }) => current).sort()).toEqual([false, true]);
  const other = items.find(({ current }) => !current)?.id ?? '';
  expect(await end(other, mallory)).toBe(404);
  expect(await end('nonsense', anna)).toBe(404);
  expect(await end(other, anna)).toBe(204);
  expect((await listSessions(bearer(second))).statusCode).toBe(401);
  expect(await end('current', anna)).toBe(204);
  expect((await listSessions(bearer(anna))).statusCode).toBe(401);
});

it('a list of devices goes on where it stopped', async () => {
  const anna = await world.given.user();
  for (let n = 0; n < 2; n++) await world.given.user({ email: anna.email });
  const page = async (query: string) =>
    await world.app.inject({ url: `/api/v1/auth/sessions?${query}`, headers: bearer(anna) });
  const first = (await page('limit=2')).json<{ items: object[]; nextCursor: string }>();
  const second = (await page(`limit=2&cursor=${first.nextCursor}`)).json<{
    items: object[];
    nextCursor: null;
  }>();
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
  expect((await page(`cursor=${Buffer.from('-'.repeat(36)).toString('base64url')}`)).statusCode).toBe(422);
});

it('a token made under an old key is good while that key verifies', async () => {
  const anna = await world.given.user();
  const rotated = {
    ...world.config,
    secretKeys: ['another-key-that-only-the-tests-know-0123456789', ...world.config.secretKeys],
  };
  const app = await createApp(rotated, world.clock);
  try {
    expect((await app.inject({ url: '/api/v1/auth/sessions', headers: bearer(anna) })).statusCode).toBe(200);
  } finally {
    await app.close();
  }
});

it('four processes together give ten codes an hour to one address', async () => {
  const others = await Promise.all(
    Array.from({ length: 3 }, () => createApp(limitedWorld.config, limitedWorld.clock)),
  );
  try {
    const email = someEmail();
    const ask = (n: number) =>
      [limitedWorld.app, ...others][n % 4]?.inject({
        method: 'POST',
        url: '/api/v1/auth/challenges',
        payload: { email },
      });
    const given = [];
    for (let round = 0; round < 4; round++) {
      given.push(...(await Promise.all(Array.from({ length: 5 }, (_, n) => ask(n)))));
      limitedWorld.clock.advance(600_000); // so that the codes before are no longer open
    }
    expect(given.filter((answer) => answer?.statusCode === 202)).toHaveLength(10);
    expect(given.filter((answer) => answer?.statusCode === 429)).toHaveLength(10);
  } finally {
    await Promise.all(others.map((app) => app.close()));
  }
});

it('wrong codes slow an address down, and still let in who waits and has the right one', async () => {
  const email = someEmail();
  const tries = (payload: object) =>
    limitedWorld.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload });
  for (let n = 0; n < 5; n++) {
    limitedWorld.clock.advance(600_000);
    const { challengeId, code } = await limitedWorld.given.challenge(email);
    for (let k = 0; k < 5; k++)
      expect((await tries({ challengeId, code: code === '000000' ? '111111' : '000000' })).statusCode).toBe(
        401,
      );
  }
  limitedWorld.clock.advance(600_000);
  const right = await limitedWorld.given.challenge(email);

  const refused = await tries(right);
  expect(refused.json()).toMatchObject({ status: 429, code: 'auth.too_many' });
  limitedWorld.clock.advance(Number(refused.headers['retry-after']) * 1000);
  expect((await tries(right)).statusCode).toBe(201);
});

it('kept mail is shown to this machine alone', async () => {
  const local = await createWorld({ baseUrl: 'http://localhost:3000' });
  const email = someEmail();
  const { challengeId, code } = await local.given.challenge(email);
  const look = async (url: string, more: object = {}) =>
    local.app.inject({ url, headers: { host: 'localhost:3000' }, remoteAddress: '127.0.0.1', ...more });

  expect((await look('/dev/mail')).body).toContain(email);
  expect((await look(`/dev/mail/sign-in-code%3A${challengeId}`)).body).toContain(code);
  expect((await look('/dev/mail/nothing')).statusCode).toBe(404);
  expect((await look('/dev/mail', { remoteAddress: '10.0.0.7' })).statusCode).toBe(404);
  expect((await look('/dev/mail', { headers: { host: 'evil.example' } })).statusCode).toBe(404);
  await local.close();
});
