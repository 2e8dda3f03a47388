import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordedCheckResult } from '../../src/platform/check-result.js';
import { runTwofold } from '../cli/run-twofold.js';
import { accountOperations } from '../accounts/account-operations.js';
import { subscriptionEndedEvent } from '../accounts/refund-events.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const [first, second] = [
  'the-first-secret-key-of-these-tests-0123456789',
  'the-second-secret-key-of-these-tests-0123456789',
];

/** One database, checked by processes with other keys, one after the other. */
let originalKeys: World;
/** The new key makes, the old one still verifies. */
let rotated: World;
/** The old key is taken out of use, but still recognises. */
let retired: World;
/** The old key is gone. */
let removedKeys: World;
let databaseUrl: string;

beforeAll(async () => {
  originalKeys = await createWorld({ secretKeys: [first] }, (url) => {
    databaseUrl = url;
    return Promise.resolve(url);
  });
  const after = (secretKeys: string[], retiredSecretKeys: string[] = []) =>
    createWorld({ secretKeys, retiredSecretKeys, databaseUrl });
  rotated = await after([second, first]);
  retired = await after([second], [first]);
  removedKeys = await after([second]);
});
afterAll(async () => {
  for (const world of [removedKeys, retired, rotated, originalKeys]) await world.close();
});

const statusOf = async (world: World, person: Person) =>
  (await world.app.inject({ url: '/api/v1/me', headers: bearer(person) })).statusCode;

/** An invited person who paid, and then was erased. */
async function createErasedCustomer(email: string): Promise<void> {
  const { given, when } = originalKeys;
  const anna = await given.user();
  const bert = await given.user({ email, ref: await given.referralCodeOf(anna) });
  await when.pays(bert);
  await when.stripeSends(subscriptionEndedEvent(bert, when.seconds));
  await accountOperations(originalKeys).erase(bert);
  await originalKeys.runHandlers();
}

/** Whether a person who was rewarded and erased comes again as a new user with an invitation. */
async function isTreatedAsNew(world: World, email: string): Promise<boolean> {
  const anna = await originalKeys.given.user();
  await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/challenges',
    payload: { email, ref: await originalKeys.given.referralCodeOf(anna) },
  });
  await world.runHandlers();
  const own = await readCode(email);
  const answer = await world.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: own });
  expect(answer.statusCode).toBe(201);
  const { user } = answer.json<{ user: { id: string } }>();
  return (await originalKeys.see.count('referral.referral WHERE referred_id = $1', [user.id])) === 1;
}

/** The newest code for an address, from its email. */
async function readCode(email: string): Promise<{ challengeId: string; code: string }> {
  const { rows } = await originalKeys.sql.query<{ id: string; text_part: string }>(
    `SELECT c.id, l.text_part FROM auth.challenge c JOIN notifications.captured_email l ON l.id = 'sign-in-code:' || c.id
     WHERE c.email = $1 ORDER BY c.id DESC LIMIT 1`,
    [email],
  );
  const [row] = rows;
  return { challengeId: row?.id ?? '', code: /^\d{6}$/m.exec(row?.text_part ?? '')?.[0] ?? '' };
}

describe('with a new key in front', () => {
  it('with a new key in front, sessions and their forms keep working', async () => {
    const anna = await originalKeys.given.user();
    expect(await statusOf(rotated, anna)).toBe(200);
    const page = await originalKeys.app.inject({
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

  it('with a new key in front, sent codes and queued emails keep working', async () => {
    const { challengeId, code } = await originalKeys.given.challenge('ines@example.org');
    const answer = await rotated.app.inject({
      method: 'POST',
      url: '/api/v1/auth/sessions',
      payload: { challengeId, code },
    });
    expect(answer.statusCode).toBe(201);
    await originalKeys.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'jana@example.org' },
    });
    await rotated.runHandlers();
    expect((await readCode('jana@example.org')).code).toMatch(/^\d{6}$/);
  });

  it('with a new key in front, an invitation in a browser keeps working', async () => {
    const ref = await originalKeys.given.referralCodeOf(await originalKeys.given.user());
    const visit = await originalKeys.app.inject({
      url: `/login?ref=${ref}`,
      headers: { accept: 'text/html' },
    });
    const cookie = visit.cookies.find(({ name }) => name === 'tf_ref')?.value ?? '';
    const again = await rotated.app.inject({
      url: '/login',
      headers: { accept: 'text/html', cookie: `tf_ref=${encodeURIComponent(cookie)}` },
    });
    expect(again.body).toContain('invited');
  });
});

describe('with the old key retired', () => {
  it('with the old key retired, its sessions and codes no longer work', async () => {
    const anna = await originalKeys.given.user();
    expect(await statusOf(retired, anna)).toBe(401);
    const given = await originalKeys.given.challenge('kurt@example.org');
    const answer = await retired.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: given });
    expect(answer.statusCode).toBe(401);
  });

  it('with the old key retired, a link to unsubscribe in an old email still works', async () => {
    const { given, when } = originalKeys;
    const anna = await given.user();
    await when.pays(await given.userInvitedBy(anna));
    await originalKeys.runHandlers();
    const { rows } = await originalKeys.sql.query<{ text_part: string }>(
      `SELECT text_part FROM notifications.captured_email WHERE text_part LIKE '%/unsubscribe/%' LIMIT 1`,
    );
    const path = /\/unsubscribe\/[\w.-]+/.exec(rows[0]?.text_part ?? '')?.[0];
    const status = async (world: World) => (await world.app.inject({ url: path ?? '' })).statusCode;
    expect([await status(rotated), await status(retired), await status(removedKeys)]).toEqual([
      200, 200, 404,
    ]);
  });

  it('with the old key retired, people who share a mailbox are still recognised', async () => {
    await originalKeys.given.user({ email: 'lena.lind+one@gmail.com' });
    await retired.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'lenalind+two@gmail.com' },
    });
    await retired.runHandlers();
    const given = await readCode('lenalind+two@gmail.com');
    await retired.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: given });
    const shared = `(SELECT hash FROM referral.signal WHERE kind = 'mailbox' GROUP BY hash HAVING count(DISTINCT user_id) = 2) s`;
    expect(await originalKeys.see.count(shared)).toBe(1);
  });
});

describe('erased people who were rewarded', () => {
  it('an erased person is recognised under a new key, and when the old one is retired', async () => {
    await createErasedCustomer('mona@example.org');
    await createErasedCustomer('nils@example.org');
    expect(await isTreatedAsNew(rotated, 'mona@example.org')).toBe(false);
    expect(await isTreatedAsNew(retired, 'nils@example.org')).toBe(false);
  });

  it('an erased person is not recognised without the key, so the doctor reports a missing key', async () => {
    await createErasedCustomer('olga@example.org');
    expect(await isTreatedAsNew(removedKeys, 'olga@example.org')).toBe(true);
    const findings = async (keys: Record<string, string>) => {
      const env = { DATABASE_URL: databaseUrl, STRIPE_API_BASE: 'http://127.0.0.1:9', ...keys };
      const { stdout } = await runTwofold(env, 'doctor', '--json');
      const all = (JSON.parse(stdout) as { findings: WordedCheckResult[] }).findings;
      return all.filter(({ check }) => check === 'secret keys').map(({ level, advice }) => [level, advice]);
    };
    expect(await findings({ SECRET_KEY: second, SECRET_KEY_RETIRED: first })).toEqual([['ok', '']]);
    const [[level, advice] = []] = await findings({ SECRET_KEY: second });
    expect([level, advice]).toEqual(['problem', expect.stringContaining('SECRET_KEY_RETIRED')]);

    const id = /keys discard (\w+)/.exec(advice ?? '')?.[1] ?? '';
    const env = { DATABASE_URL: databaseUrl, SECRET_KEY: second };
    expect((await runTwofold(env, 'keys', 'list')).exitCode).toBe(1);
    expect((await runTwofold({ ...env, SECRET_KEY: first }, 'keys', 'discard', id)).exitCode).toBe(1);
    expect((await runTwofold(env, 'keys', 'discard', id)).exitCode).toBe(0);
    expect(await findings({ SECRET_KEY: second })).toEqual([['ok', '']]);
  });
});
