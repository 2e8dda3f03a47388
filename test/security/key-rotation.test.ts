import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../src/platform/diagnosis.js';
import { twofold } from '../cli/twofold.js';
import { lifeOf } from '../life/merging.js';
import { subscriptionEnded } from '../life/refunding.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const [first, second] = [
  'the-first-secret-key-of-these-tests-0123456789',
  'the-second-secret-key-of-these-tests-0123456789',
];

/** One database, looked at by processes with other keys, one after the other. */
let before: World;
/** The new key makes, the old one still verifies. */
let rotated: World;
/** The old key is taken out of use, but still recognises. */
let retired: World;
/** The old key is gone. */
let dropped: World;
let databaseUrl: string;

beforeAll(async () => {
  before = await createWorld({ secretKeys: [first] }, (url) => {
    databaseUrl = url;
    return Promise.resolve(url);
  });
  const after = (secretKeys: string[], retiredSecretKeys: string[] = []) =>
    createWorld({ secretKeys, retiredSecretKeys, databaseUrl });
  rotated = await after([second, first]);
  retired = await after([second], [first]);
  dropped = await after([second]);
});
afterAll(async () => {
  for (const world of [dropped, retired, rotated, before]) await world.close();
});

const statusOf = async (world: World, person: Person) =>
  (await world.app.inject({ url: '/api/v1/me', headers: bearer(person) })).statusCode;

/** An invited person who paid, and then was erased. */
async function erasedCustomer(email: string): Promise<void> {
  const { given, when } = before;
  const anna = await given.user();
  const bert = await given.user({ email, ref: await given.codeOf(anna) });
  await when.pays(bert);
  await when.stripeSends(subscriptionEnded(bert, when.seconds));
  await lifeOf(before).erase(bert);
  await before.settle();
}

/** Whether somebody who was rewarded and erased comes again as a newcomer with an invitation. */
async function isTakenForNew(world: World, email: string): Promise<boolean> {
  const anna = await before.given.user();
  await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/challenges',
    payload: { email, ref: await before.given.codeOf(anna) },
  });
  await world.settle();
  const own = await codeIn(email);
  const answer = await world.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: own });
  expect(answer.statusCode).toBe(201);
  const { user } = answer.json<{ user: { id: string } }>();
  return (await before.see.count('referral.referral WHERE referred_id = $1', [user.id])) === 1;
}

/** The newest code for an address, from its letter. */
async function codeIn(email: string): Promise<{ challengeId: string; code: string }> {
  const { rows } = await before.sql.query<{ id: string; text_part: string }>(
    `SELECT c.id, l.text_part FROM auth.challenge c JOIN mail.letter l ON l.id = 'sign-in-code:' || c.id
     WHERE c.email = $1 ORDER BY c.id DESC LIMIT 1`,
    [email],
  );
  const [row] = rows;
  return { challengeId: row?.id ?? '', code: /^\d{6}$/m.exec(row?.text_part ?? '')?.[0] ?? '' };
}

describe('with a new key in front, everything that the old one made goes on:', () => {
  it('sessions, and the forms that were shown to them', async () => {
    const anna = await before.given.user();
    expect(await statusOf(rotated, anna)).toBe(200);
    const page = await before.app.inject({
      url: '/settings',
      headers: { cookie: `tf_session=${anna.token}`, accept: 'text/html' },
    });
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1];
    expect(token).toBeDefined();
    const answer = await rotated.app.inject({
      method: 'POST',
      url: '/logout',
      headers: { cookie: `tf_session=${anna.token}`, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: token ?? '' }).toString(),
    });
    expect(answer.statusCode).toBe(303);
  });

  it('a code that is on its way, and the letter that was not yet written', async () => {
    const { challengeId, code } = await before.given.challenge('ines@example.org');
    const answer = await rotated.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sessions',
      payload: { challengeId, code },
    });
    expect(answer.statusCode).toBe(201);
    await before.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'jana@example.org' },
    });
    await rotated.settle();
    expect((await codeIn('jana@example.org')).code).toMatch(/^\d{6}$/);
  });

  it('an invitation that a browser remembers', async () => {
    const ref = await before.given.codeOf(await before.given.user());
    const visit = await before.app.inject({ url: `/login?ref=${ref}`, headers: { accept: 'text/html' } });
    const cookie = visit.cookies.find(({ name }) => name === 'tf_ref')?.value ?? '';
    const again = await rotated.app.inject({
      url: '/login',
      headers: { accept: 'text/html', cookie: `tf_ref=${encodeURIComponent(cookie)}` },
    });
    expect(again.body).toContain('invited');
  });
});

describe('with the old key retired', () => {
  it('neither a session nor a code of it lets anybody in', async () => {
    const anna = await before.given.user();
    expect(await statusOf(retired, anna)).toBe(401);
    const given = await before.given.challenge('kurt@example.org');
    const answer = await retired.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: given });
    expect(answer.statusCode).toBe(401);
  });

  it('a link to unsubscribe in an old letter still works', async () => {
    const { given, when } = before;
    const anna = await given.user();
    await when.pays(await given.userInvitedBy(anna));
    await before.settle();
    const { rows } = await before.sql.query<{ text_part: string }>(
      `SELECT text_part FROM mail.letter WHERE text_part LIKE '%/unsubscribe/%' LIMIT 1`,
    );
    const path = /\/unsubscribe\/[\w.-]+/.exec(rows[0]?.text_part ?? '')?.[0];
    const status = async (world: World) => (await world.app.inject({ url: path ?? '' })).statusCode;
    expect([await status(rotated), await status(retired), await status(dropped)]).toEqual([200, 200, 404]);
  });

  it('people who share a mailbox are recognised over the change', async () => {
    await before.given.user({ email: 'lena.lind+one@gmail.com' });
    await retired.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'lenalind+two@gmail.com' },
    });
    await retired.settle();
    const given = await codeIn('lenalind+two@gmail.com');
    await retired.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: given });
    const shared = `(SELECT hash FROM referral.signal WHERE kind = 'mailbox' GROUP BY hash HAVING count(DISTINCT user_id) = 2) s`;
    expect(await before.see.count(shared)).toBe(1);
  });
});

describe('who was rewarded and erased', () => {
  it('is recognised under a new key, and when the old one is retired', async () => {
    await erasedCustomer('mona@example.org');
    await erasedCustomer('nils@example.org');
    expect(await isTakenForNew(rotated, 'mona@example.org')).toBe(false);
    expect(await isTakenForNew(retired, 'nils@example.org')).toBe(false);
  });

  it('is not once the key is gone: so the doctor says it before anybody is rewarded twice', async () => {
    await erasedCustomer('olga@example.org');
    expect(await isTakenForNew(dropped, 'olga@example.org')).toBe(true);
    const findings = async (keys: Record<string, string>) => {
      const env = { DATABASE_URL: databaseUrl, STRIPE_API_BASE: 'http://127.0.0.1:9', ...keys };
      const { stdout } = await twofold(env, 'doctor', '--json');
      const all = (JSON.parse(stdout) as { findings: Diagnosis[] }).findings;
      return all.filter(({ check }) => check === 'secret keys').map(({ level, advice }) => [level, advice]);
    };
    expect(await findings({ SECRET_KEY: second, SECRET_KEY_RETIRED: first })).toEqual([['ok', '']]);
    const [[level, advice] = []] = await findings({ SECRET_KEY: second });
    expect([level, advice]).toEqual(['problem', expect.stringContaining('SECRET_KEY_RETIRED')]);

    const id = /give-up (\w+)/.exec(advice ?? '')?.[1] ?? '';
    const env = { DATABASE_URL: databaseUrl, SECRET_KEY: second };
    expect((await twofold(env, 'keys', 'list')).exitCode).toBe(1);
    expect((await twofold({ ...env, SECRET_KEY: first }, 'keys', 'give-up', id)).exitCode).toBe(1);
    expect((await twofold(env, 'keys', 'give-up', id)).exitCode).toBe(0);
    expect(await findings({ SECRET_KEY: second })).toEqual([['ok', '']]);
  });
});
