import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTwofold } from '../cli/run-twofold.js';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

const isSignedIn = async (token: string) =>
  (await world.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } }))
    .statusCode === 200;

/**
 * Signs in through the pages, from a browser that has `cookie` already. Answers the session's
 * token.
 */
async function signInByPage(email: string, cookie = ''): Promise<string> {
  const { challengeId, code } = await world.given.challenge(email);
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/sessions',
    headers: { cookie, origin: 'http://twofold.test' },
    payload: { challengeId, code },
  });
  expect(answer.statusCode).toBe(201);
  return answer.cookies.find(({ name }) => name === 'tf_session')?.value ?? '';
}

describe('a session', () => {
  it('a session is never the one that another person put into the browser', async () => {
    const planted = 'A'.repeat(43);
    const token = await signInByPage('fixed@example.org', `tf_session=${planted}`);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(token).not.toBe(planted);
    expect(await isSignedIn(planted)).toBe(false);
  });

  it('a session ends when the same browser signs in again, as whomever', async () => {
    const first = await signInByPage('again@example.org');
    const second = await signInByPage('again@example.org', `tf_session=${first}`);
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, true]);
    const other = await signInByPage('other@example.org', `tf_session=${second}`);
    expect([await isSignedIn(second), await isSignedIn(other)]).toEqual([false, true]);
  });

  it('a session ends at once for the server, not only in the browser', async () => {
    const anna = await world.given.user();
    const answer = await world.app.inject({
      method: 'DELETE',
      url: '/api/v1/auth/sessions/current',
      headers: bearer(anna),
    });
    expect([answer.statusCode, await isSignedIn(anna.token)]).toEqual([204, false]);
  });

  it('a session slides with use, but not beyond 400 days', async () => {
    const anna = await world.given.user();
    for (let days = 0; days < 400; days += 25) {
      expect([days, await isSignedIn(anna.token)]).toEqual([days, true]);
      world.clock.advance(25 * dayMs);
    }
    expect(await isSignedIn(anna.token)).toBe(false);
    staff = await createStaff(world);
  });
});

it('a change of address ends the others, and asks for proof where the session is not fresh', async () => {
  const one = await world.given.user();
  const other = await world.given.user({ email: one.email });
  const move = async (person: Person, address: string) =>
    world.app.inject({
      method: 'POST',
      url: '/api/v1/me/email',
      headers: bearer(person),
      payload: await world.given.challenge(address),
    });
  expect((await move(one, 'moved@example.org')).statusCode).toBeLessThan(300);
  expect([await isSignedIn(one.token), await isSignedIn(other.token)]).toEqual([true, false]);
  world.clock.advance(16 * 60_000);
  const late = await move(one, 'moved-again@example.org');
  expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([403, 'auth.fresh_sign_in_needed']);
});

it('every page for a person signed in has a button to sign out', async () => {
  for (const url of [
    '/settings',
    '/invite',
    '/credit',
    '/pricing',
    '/',
    '/admin/users',
    '/admin/referrals',
    '/admin/stats',
  ]) {
    const headers = { accept: 'text/html', cookie: `tf_session=${staff.admin.token}` };
    const answer = await world.app.inject({ url, headers });
    if (answer.statusCode !== 200) continue;
    expect([url, answer.body]).toEqual([url, expect.stringMatching(/action="\/logout|href="\/settings"/)]);
  }
});

it('what is another person’s is answered as if it were not there', async () => {
  const { given, when } = world;
  const anna = await given.user();
  const bert = await given.userInvitedBy(anna);
  await when.pays(bert);
  const eve = await given.user();
  const of = async <T>(url: string) => (await world.app.inject({ url, headers: bearer(anna) })).json<T>();
  const { items: invites } = await of<{ items: { id: string }[] }>('/api/v1/referral/invites');
  const { entries } = await of<{ entries: { id: string }[] }>('/api/v1/credit');
  const { items: sessions } = await of<{ items: { id: string }[] }>('/api/v1/auth/sessions');
  const theirs = [
    ['GET', `/api/v1/referral/invites/${invites[0]?.id}/explain`],
    ['GET', `/api/v1/credit/entries/${entries[0]?.id}/explain`],
    ['DELETE', `/api/v1/auth/sessions/${sessions[0]?.id}`],
  ] as const;
  for (const [method, url] of theirs) {
    const status = async (person: Person) =>
      (await world.app.inject({ method, url, headers: bearer(person) })).statusCode;
    expect([url, await status(eve), await status(anna)]).toEqual([url, 404, method === 'GET' ? 200 : 204]);
  }
});

describe('all sessions of a user', () => {
  const twoDevices = async (): Promise<[Person, Person]> => {
    const one = await world.given.user();
    return [one, await world.given.user({ email: one.email })];
  };
  const areSignedIn = async (people: Person[]) => Promise.all(people.map(({ token }) => isSignedIn(token)));

  it('all sessions of a user end when their role changes, and not when it stays the same', async () => {
    const devices = await twoDevices();
    const set = (role: string) => staff.api('PUT', `users/${devices[0].id}/role`, staff.admin, { role });
    await set('user');
    expect(await areSignedIn(devices)).toEqual([true, true]);
    await set('support');
    expect(await areSignedIn(devices)).toEqual([false, false]);
  });

  it('all sessions of a user end when staff sign them out, recorded in the audit log; support may not', async () => {
    const devices = await twoDevices();
    const url = `users/${devices[0].id}/sign-out`;
    expect((await staff.api('POST', url, staff.support, {})).statusCode).toBe(403);
    expect(await areSignedIn(devices)).toEqual([true, true]);
    expect((await staff.api('POST', url, staff.admin)).statusCode).toBe(204);
    expect(await areSignedIn(devices)).toEqual([false, false]);
    const noted = `platform.audit WHERE action = 'auth.signed_out_by_staff' AND subject_id = $1`;
    expect(await world.see.count(noted, [devices[0].id])).toBe(1);
    const nobody = '01890000-0000-7000-8000-000000000000';
    expect((await staff.api('POST', `users/${nobody}/sign-out`, staff.admin)).statusCode).toBe(404);
  });

  it('all sessions of a user end when the operator runs the command', async () => {
    const devices = await twoDevices();
    const env = {
      DATABASE_URL: world.config.databaseUrl ?? '',
      SECRET_KEY: world.config.secretKeys.join(','),
    };
    expect((await runTwofold(env, 'users', 'sign-out', devices[0].email)).exitCode).toBe(0);
    expect(await areSignedIn(devices)).toEqual([false, false]);
  });
});
