import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
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
    expect([page.statusCode, page.body]).toEqual([403, expect.stringContaining('/login?again=1')]);
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
