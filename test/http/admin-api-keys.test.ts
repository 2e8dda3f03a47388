import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/** Staff make, replace and revoke API keys in the console. */
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld();
  staff = await createStaff(world);
});
afterAll(() => world.close());

const tokenIn = (body: string) => /tfk_[0-9a-f]{32}_[\w-]+/.exec(body)?.[0];
const keyId = (token: string) =>
  token.slice(4, 36).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const access = (token: string) =>
  world.app.inject({
    url: '/api/v1/access?externalId=x',
    headers: { authorization: `Bearer ${token}` },
  });
const emptyForm = async () => {
  const { body } = await staff.page('api-keys', staff.admin);
  return {
    _csrf: formFieldValue(body, '_csrf'),
    idempotencyKey: /name="idempotencyKey" value="([0-9a-f-]{36})"/.exec(body)?.[1] ?? '',
  };
};

it('an admin makes a key whose token is shown once, and sending the form again makes no other', async () => {
  const form = {
    ...(await emptyForm()),
    ...{
      name: 'shop <server>',
      'scope:access:read': 'yes',
      origins: 'https://app.example/',
      expiresInDays: '30',
    },
  };
  const created = await staff.submitForm('api-keys', staff.admin, form);
  expect(created.statusCode).toBe(200);
  expect(created.headers['cache-control']).toContain('no-store');
  const token = tokenIn(created.body) ?? '';
  expect((await access(token)).statusCode).toBe(200);
  const list = await staff.page('api-keys', staff.support);
  expect(list.body).toContain('shop &lt;server>');
  expect(list.body).toContain('https://app.example');
  expect(tokenIn(list.body)).toBeUndefined();
  // a change of language would lead away from the token
  const mayChangeLanguage = ({ body }: { body: string }) => body.includes('action="/language"');
  expect([mayChangeLanguage(created), mayChangeLanguage(list)]).toEqual([false, true]);
  expect(list.body).not.toContain('name="scope:access:read"');
  const repeated = await staff.submitForm('api-keys', staff.admin, form);
  expect([repeated.statusCode, repeated.headers.location]).toEqual([303, '/admin/api-keys?done=repeated']);
  expect(await world.see.count('auth.api_key')).toBe(1);
});

it('an admin replaces a key, which acts beside its successor, and revokes it at once', async () => {
  const first = await staff.submitForm('api-keys', staff.admin, {
    ...(await emptyForm()),
    ...{ name: 'worker', 'scope:access:read': 'yes' },
  });
  const old = tokenIn(first.body) ?? '';
  const replaced = await staff.submitForm(`api-keys/${keyId(old)}/rotate`, staff.admin, await emptyForm());
  const successor = tokenIn(replaced.body) ?? '';
  expect([(await access(old)).statusCode, (await access(successor)).statusCode]).toEqual([200, 200]);
  const { _csrf } = await emptyForm();
  const revoked = await staff.submitForm(`api-keys/${keyId(old)}/revoke`, staff.admin, { _csrf });
  expect(revoked.headers.location).toBe('/admin/api-keys?done=revoked');
  expect([(await access(old)).statusCode, (await access(successor)).statusCode]).toEqual([401, 200]);
});

it('an admin says for how long a key acts beside its successor', async () => {
  const hoursLeft = async (overlapHours: string) => {
    const created = await staff.submitForm('api-keys', staff.admin, {
      ...(await emptyForm()),
      ...{ name: `worker ${overlapHours}`, 'scope:access:read': 'yes' },
    });
    const id = keyId(tokenIn(created.body) ?? '');
    await staff.submitForm(`api-keys/${id}/rotate`, staff.admin, { ...(await emptyForm()), overlapHours });
    const { rows } = await world.sql.query<{ expires_at: Date }>(
      `SELECT expires_at FROM auth.api_key WHERE id = $1`,
      [id],
    );
    return Math.round(((rows[0]?.expires_at.getTime() ?? 0) - world.clock.now().getTime()) / 3_600_000);
  };
  expect([await hoursLeft('0'), await hoursLeft('168'), await hoursLeft('')]).toEqual([0, 168, 24]);
});

it.each([
  ['no name', { name: ' ' }, 'The name has 1 to 100 characters'],
  ['no scope', { 'scope:access:read': '' }, 'Choose at least one scope.'],
  ['a foreign scheme', { origins: 'http://app.example' }, 'An origin is a scheme and a host'],
  ['a time that is no number', { expiresInDays: 'soon' }, 'expires are a whole number'],
  ['no limit at all', { requestsPerMinute: '0' }, 'a minute are a whole number'],
])('a form with %s is refused, keeps what was typed, and makes no key', async (_, change, problem) => {
  const before = await world.see.count('auth.api_key');
  const typed = {
    name: 'typed name',
    'scope:access:read': 'yes',
    origins: 'https://typed.example',
    ...change,
  };
  const refused = await staff.submitForm('api-keys', staff.admin, { ...(await emptyForm()), ...typed });
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain(problem);
  expect(formFieldValue(refused.body, 'origins')).toBe(typed.origins);
  expect(await world.see.count('auth.api_key')).toBe(before);
});

it('an unknown key is reported on the page', async () => {
  const { _csrf } = await emptyForm();
  const unknown = '01900000-0000-7000-8000-000000000000';
  const answer = await staff.submitForm(`api-keys/${unknown}/revoke`, staff.admin, { _csrf });
  expect(answer.statusCode).toBe(404);
  expect(answer.body).toContain('There is no such API key.');
});
