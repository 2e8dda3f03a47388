import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionTokenOf, submitForm } from '../support/authenticator-app.js';
import { bearer, type Person } from '../support/given.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes } from './live-routes.js';

const hourMs = 3_600_000;

/** What only admins may do needs a sign-in of the last twelve hours; what they check does not. */
let world: World;
let staff: Staff;
let anna: Person;
beforeAll(async () => {
  world = await createWorld({ recentSignInHours: 12 });
  staff = await createStaff(world);
  anna = await world.given.user();
  world.clock.advance(12 * hourMs + 1000);
});
afterAll(() => world.close());

/** Whether support is refused for its role there: then only admins may do it. */
async function isForAdminsOnly(method: string, url: string): Promise<boolean> {
  // a new one each time: some routes sign out, or erase
  const support = await world.given.user({ role: 'support' });
  const answer = await world.app.inject({
    method: method as 'GET',
    url,
    headers: bearer(support),
    ...(method === 'GET' ? {} : { payload: {} }),
  });
  return answer.statusCode === 403 && answer.json<{ code: string }>().code === 'auth.forbidden';
}

it('every route for admins alone asks for a fresh sign-in, in the API and on pages', async () => {
  const routes = liveRoutes(world).filter(({ method }) => !['HEAD', 'OPTIONS'].includes(method));
  const guarded = [];
  for (const { method, url } of routes) {
    if (!(await isForAdminsOnly(method, url))) continue;
    const answer = await world.app.inject({
      method: method as 'GET',
      url,
      headers: bearer(staff.admin),
      ...(method === 'GET' ? {} : { payload: {} }),
    });
    expect([method, url, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      method,
      url,
      403,
      'auth.step_up',
    ]);
    guarded.push(`${method} ${url.replaceAll(/[0-9a-f-]{36}/g, ':id')}`);
  }
  for (const one of [
    'PUT /api/v1/admin/users/:id/role',
    'POST /api/v1/admin/users/:id/credit',
    'DELETE /api/v1/admin/users/:id',
    'GET /api/v1/admin/users/:id/export',
    'POST /api/v1/admin/programme/terms',
    'POST /api/v1/admin/referrals/:id/reverse',
    'POST /admin/users/:id/credit',
    'POST /admin/users/:id/erase',
  ])
    expect(guarded).toContain(one);
});

describe('an admin whose sign-in is old', () => {
  const grant = (person: Person) =>
    staff.api('POST', `users/${anna.id}/credit`, person, { days: 1, reason: 'late' });

  it('an admin whose sign-in is old still checks everything', async () => {
    expect((await staff.api('GET', 'users', staff.admin)).statusCode).toBe(200);
    expect((await staff.page('users', staff.admin)).statusCode).toBe(200);
  });

  it('an admin whose sign-in is old is reported how to go on, and nothing was done', async () => {
    const answer = await grant(staff.admin);
    expect(answer.json()).toMatchObject({
      code: 'auth.step_up',
      detail: expect.stringContaining('/login?again=1'),
    });
    const page = await staff.submitForm(`users/${anna.id}/credit`, staff.admin, {
      days: '1',
      reason: 'late',
    });
    expect([page.statusCode, formFieldValue(page.body, 'reason')]).toEqual([403, 'late']);
    expect(await world.see.creditDaysOf(anna)).toBe(0);
  });

  const post = (fields: Record<string, string>, origin = 'http://twofold.test') =>
    world.app.inject({
      method: 'POST',
      url: `/admin/users/${anna.id}/credit`,
      payload: new URLSearchParams({ days: '1', reason: 'late', ...fields }).toString(),
      headers: {
        accept: 'text/html',
        cookie: `tf_session=${staff.admin.token}`,
        origin,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  const codesSentTo = (email: string) =>
    world.see.count(`notifications.captured_email WHERE recipient = $1 AND id LIKE 'sign-in-code:%'`, [
      email,
    ]);

  it('another site can neither send a code nor try one', async () => {
    const before = await codesSentTo(staff.admin.email);
    const own = await world.given.challenge(staff.admin.email);
    for (const fields of [
      { _stepUpSend: '1', _stepUpChallenge: '01890000-0000-7000-8000-000000000001' },
      { _stepUpCode: own.code, _stepUpChallenge: own.challengeId },
    ] as Record<string, string>[])
      expect((await post(fields, 'http://elsewhere.test')).body).not.toContain('_stepUpCode');
    await world.runHandlers();
    expect(await codesSentTo(staff.admin.email)).toBe(before + 1);
    expect(await world.see.creditDaysOf(anna)).toBe(0);
  });

  it('the code of another person, and what is no code, do not go on', async () => {
    const others = await world.given.challenge(anna.email);
    for (const fields of [
      { _stepUpCode: others.code, _stepUpChallenge: others.challengeId },
      { _stepUpCode: others.code, _stepUpChallenge: 'nonsense' },
      { _stepUpCode: 'abc', _stepUpChallenge: others.challengeId },
      { _stepUpSend: '1', _stepUpChallenge: 'nonsense' },
    ] as Record<string, string>[]) {
      const answer = await post(fields);
      expect([fields, answer.statusCode, answer.headers['cache-control']]).toEqual([fields, 403, 'no-store']);
    }
    expect(await world.see.creditDaysOf(anna)).toBe(0);
  });

  it('an admin whose sign-in is old is let through after signing in again', async () => {
    const form = await world.app.inject({
      url: '/login?again=1',
      headers: { cookie: `tf_session=${staff.admin.token}`, accept: 'text/html' },
    });
    expect([form.statusCode, form.body]).toEqual([200, expect.stringContaining('name="email"')]);
    const fresh = await world.given.user({ email: staff.admin.email });
    expect((await grant(fresh)).statusCode).toBe(201);
    expect(await world.see.creditDaysOf(anna)).toBe(1);
  });
});

describe('a form that is sent several times at once', () => {
  let admin: Person;
  let bert: Person;
  beforeEach(async () => {
    world.clock.advance(13 * hourMs);
    admin = await world.given.user({ role: 'admin' });
    bert = await world.given.user();
    world.clock.advance(13 * hourMs);
  });
  const send = (url: string, fields: Record<string, string>) =>
    Promise.all(Array.from({ length: 5 }, () => submitForm(world, admin.token, url, fields)));
  const grantUrl = () => `/admin/users/${bert.id}/credit`;
  const grantFields = () => ({ days: '3', reason: 'late', idempotencyKey: `grant to ${bert.id}` });

  it('sends one code', async () => {
    const asks = await submitForm(world, admin.token, grantUrl(), grantFields());
    const formId = formFieldValue(asks.body, '_stepUpChallenge');
    const before = await world.see.count(`auth.challenge WHERE email = $1`, [admin.email]);
    const pages = await send(grantUrl(), { ...grantFields(), _stepUpChallenge: formId, _stepUpSend: '1' });
    expect(pages.map(({ body }) => formFieldValue(body, '_stepUpChallenge'))).toEqual(
      Array<string>(5).fill(formId),
    );
    expect(await world.see.count(`auth.challenge WHERE email = $1`, [admin.email])).toBe(before + 1);
  });

  it.each([
    ['with the code it was asked for', true],
    ['after the code', false],
  ])('acts once %s', async (_, isConfirmedNow) => {
    const { challengeId, code } = await world.given.challenge(admin.email);
    const proof = { _stepUpChallenge: challengeId, _stepUpCode: code };
    if (!isConfirmedNow) admin = await world.given.user({ email: admin.email });
    const answers = await send(grantUrl(), { ...grantFields(), ...(isConfirmedNow ? proof : {}) });
    const done = answers.filter(({ headers }) => headers.location?.startsWith(`/admin/users/${bert.id}`));
    expect(done.length).toBe(isConfirmedNow ? 1 : 5);
    expect(await world.see.creditDaysOf(bert)).toBe(3);
    expect(await world.see.count(`credit.entry WHERE user_id = $1`, [bert.id])).toBe(1);
  });

  it('opens the page that asked for the code once', async () => {
    const { challengeId, code } = await world.given.challenge(admin.email);
    const answers = await send('/admin/confirm', {
      ...{ next: `/admin/users/${bert.id}`, _stepUpChallenge: challengeId, _stepUpCode: code },
    });
    const opened = answers.filter(({ headers }) => headers.location === `/admin/users/${bert.id}`);
    expect(opened).toHaveLength(1);
    const session = { ...admin, token: sessionTokenOf(opened[0] ?? { cookies: [] }) };
    expect((await staff.page(`users/${bert.id}`, session)).statusCode).toBe(200);
    expect(await world.see.count(`auth.session WHERE user_id = $1`, [admin.id])).toBe(1);
  });
});
