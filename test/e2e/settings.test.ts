import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { bearer, type Person } from '../support/given.js';
import { event, subscription } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const erase = (person: Person, proof: { challengeId: string; code: string }) =>
  world.app.inject({ method: 'DELETE', url: '/api/v1/me', headers: bearer(person), payload: proof });
const grant = (by: Person, to: Person, reason = 'a name, perhaps') =>
  world.app.inject({
    method: 'POST',
    url: `/api/v1/admin/users/${to.id}/credit`,
    headers: bearer(by),
    payload: { days: 10, reason },
  });
const backUp = (person: Person, data: unknown) =>
  world.app.inject({
    method: 'PUT',
    url: '/api/v1/settings/backup',
    headers: bearer(person),
    payload: { data },
  });
const post = (person: Person, url: string, form: string) =>
  world.app.inject({
    method: 'POST',
    url,
    payload: form,
    headers: {
      accept: 'text/html',
      origin: 'http://twofold.test',
      cookie: `tf_session=${person.token}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  });

describe('erasing one’s own account', () => {
  it('erasing an account deletes its data, and nothing of others', async () => {
    const { given, see, when, clock } = world;
    const [root, anna] = [await given.user({ role: 'admin' }), await given.user()];
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await when.pays(bert);
    await grant(root, bert);
    await backUp(bert, { secret: 'diary' });
    await when.stripeSends(
      event(
        'customer.subscription.deleted',
        subscription(bert.payer, when.seconds, { status: 'canceled', ended_at: when.seconds }),
        when.seconds,
      ),
    );
    const audited = await see.count('platform.audit WHERE subject_id = $1', [bert.id]);

    const answer = await erase(bert, await given.challenge(bert.email));
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toMatch(/^tf_session=;/);

    const present = await world.app.inject({ url: '/api/v1/me', headers: bearer(bert) });
    expect(present.statusCode).toBe(401);
    expect(await see.count('settings.backup WHERE user_id = $1', [bert.id])).toBe(0);
    expect(await see.count('platform.note WHERE subject_id = $1', [bert.id])).toBe(0);
    expect(await see.count('platform.audit WHERE subject_id = $1', [bert.id])).toBe(audited + 1);
    expect(await see.count('referral.code WHERE user_id = $1 AND retired_at IS NULL', [bert.id])).toBe(0);
    expect(await findTraces(bert.email)).toEqual([]);
    const invites = await world.app.inject({ url: '/api/v1/referral/invites', headers: bearer(anna) });
    expect(invites.json()).toMatchObject({
      items: [{ label: 'deleted account', status: 'converted', daysEarned: 45 }],
    });
    expect(await see.creditDaysOf(anna)).toBe(45);
    clock.advance(86_400_000);
    expect(await see.creditDaysOf(anna)).toBe(44);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('erasing needs a correct new code of the account’s address, once', async () => {
    const { given, see } = world;
    const [anna, bert] = [await given.user(), await given.user()];
    const proof = await given.challenge(anna.email);
    const wrong = proof.code === '000000' ? '111111' : '000000';
    expect((await erase(anna, { ...proof, code: wrong })).json()).toMatchObject({
      status: 401,
      attemptsLeft: 4,
    });
    expect((await erase(anna, await given.challenge(bert.email))).statusCode).toBe(410);
    expect((await erase(anna, { ...proof, challengeId: randomUUID() })).statusCode).toBe(410);
    expect(
      await see.count('auth."user" WHERE id = ANY($1) AND erased_at IS NULL', [[anna.id, bert.id]]),
    ).toBe(2);
    const twice = await Promise.all([erase(anna, proof), erase(anna, proof), erase(anna, proof)]);
    expect(twice.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
    for (const { statusCode } of twice) expect([204, 401, 410]).toContain(statusCode);
    expect(
      await see.count(`platform.audit WHERE subject_id = $1 AND action = 'auth.user_erased'`, [anna.id]),
    ).toBe(1);
  });

  it('erasing is refused while a subscription is active, and the same code works afterwards', async () => {
    const { given, when } = world;
    const anna = await given.user();
    await given.linkCustomer(anna);
    await when.pays(anna);
    const proof = await given.challenge(anna.email);
    expect((await erase(anna, proof)).json()).toMatchObject({ status: 409, code: 'auth.still_charged' });
    await when.stripeSends(
      event(
        'customer.subscription.updated',
        subscription(anna.payer, when.seconds, { cancel_at_period_end: true }),
        when.seconds,
      ),
    );
    expect((await erase(anna, proof)).statusCode).toBe(204);
  });

  it('erasing also deletes data written at the same time', async () => {
    const { given, see } = world;
    const root = await given.user({ role: 'admin' });
    for (let round = 0; round < 12; round++) {
      const anna = await given.user();
      await backUp(anna, 'before');
      const proof = await given.challenge(anna.email);
      const [left, ...written] = await Promise.all([
        erase(anna, proof),
        ...Array.from({ length: 4 }, () =>
          world.app.inject({
            method: 'POST',
            url: '/api/v1/settings/backup/revisions/1/restore',
            headers: bearer(anna),
          }),
        ),
        ...Array.from({ length: 4 }, () => grant(root, anna)),
        ...Array.from({ length: 4 }, (_, n) => backUp(anna, n)),
      ]);
      expect(left.statusCode).toBe(204);
      for (const { statusCode } of written) expect([200, 201, 401, 404]).toContain(statusCode);
      expect(await see.count('platform.note WHERE subject_id = $1', [anna.id])).toBe(0);
      expect(await see.count('settings.backup WHERE user_id = $1', [anna.id])).toBe(0);
    }
    expect(await see.discrepancies()).toEqual([]);
  });
});

it('what is stored about me can be taken along whole, and no one else with it', async () => {
  const { given, when } = world;
  const [root, anna] = [await given.user({ role: 'admin' }), await given.user()];
  const bert = await given.userInvitedBy(anna);
  await given.linkCustomer(bert);
  await when.pays(bert);
  await grant(root, anna, 'for your patience');
  await backUp(anna, { first: 1 });
  await backUp(anna, { second: 2 });
  const answer = await world.app.inject({ url: '/api/v1/me/export', headers: bearer(anna) });
  expect(answer.headers['content-disposition']).toBe('attachment; filename="twofold-export.json"');
  expect(answer.json()).toMatchObject({
    user: { id: anna.id, email: anna.email },
    sessions: [{ id: expect.any(String) }],
    codes: [{ referralCode: null }],
    referral: { codes: [{ code: await given.referralCodeOf(anna) }], invitedWith: null, invited: [{}] },
    credit: { entries: [{ days: 10, reason: 'for your patience' }, { days: 45 }] },
    billing: { account: { tier: 'free' }, customers: [], payments: [] },
    backup: [
      { revision: 2, data: { second: 2 } },
      { revision: 1, data: { first: 1 } },
    ],
    audit: expect.arrayContaining([
      expect.objectContaining({ action: 'credit.granted', by: 'admin', note: 'for your patience' }),
    ]),
  });
  for (const foreign of [bert.email, bert.payer.customer, root.id, root.email, anna.token])
    expect(answer.body).not.toContain(foreign);
});

describe('a form that is not what the page sent', () => {
  it.each([
    ['/settings/email/confirm', 'challengeId=x&code=123456'],
    ['/settings/email/confirm', `challengeId=${randomUUID()}&code=12345`],
    ['/settings/email/confirm', `challengeId=${randomUUID()}&code=123456&currentChallengeId=x`],
    ['/settings/erase/confirm', 'challengeId=x&code=123456'],
    ['/settings/erase/confirm', ''],
    ['/settings/email', 'email=a&email=b'],
    ['/settings/profile', 'displayName=a%00b&locale=xx-not-a-locale&timeZone=UTC'],
  ])('%s with %p is reported on the page, and changes nothing', async (url, form) => {
    const anna = await world.given.user();
    const answer = await post(anna, url, form);
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('role="alert"');
    expect((await world.app.inject({ url: '/api/v1/me', headers: bearer(anna) })).json()).toMatchObject({
      email: anna.email,
      displayName: null,
    });
  });

  it('a form that is not what the page sent restores no revision that is not there', async () => {
    const anna = await world.given.user();
    for (const revision of ['', '1', 'x', '-1', '1e9'])
      expect((await post(anna, '/settings/backup/restore', `revision=${revision}`)).statusCode).toBe(404);
  });

  it('a form that is not what the page sent shows no text that a link chose', async () => {
    const anna = await world.given.user();
    const { body, statusCode } = await world.app.inject({
      url: '/settings?saved=You+have+won&checkout=You+have+won&saved=__proto__',
      headers: { cookie: `tf_session=${anna.token}` },
    });
    expect(statusCode).toBe(200);
    expect(body).not.toContain('You have won');
    expect(
      (
        await world.app.inject({
          url: '/settings?saved=constructor',
          headers: { cookie: `tf_session=${anna.token}` },
        })
      ).statusCode,
    ).toBe(200);
  });
});

describe('the console', () => {
  const grantForm = (key: string, more = '') => `days=5&reason=sorry&idempotencyKey=${key}${more}`;

  it('the console gives days once, however often its form is sent', async () => {
    const [root, anna] = [await world.given.user({ role: 'admin' }), await world.given.user()];
    const url = `/admin/users/${anna.id}/credit`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(root, url, grantForm('k1'))));
    expect(answers.map(({ headers }) => headers.location)).toEqual(
      Array(8).fill(`/admin/users/${anna.id}?done=granted`),
    );
    expect(await world.see.creditDaysOf(anna)).toBe(5);
    await post(root, url, grantForm('k2'));
    expect(await world.see.creditDaysOf(anna)).toBe(10);
  });

  it('the console refuses forms that are not its own, and lets support only look', async () => {
    const [root, anna] = [await world.given.user({ role: 'admin' }), await world.given.user()];
    const [bert, support] = [await world.given.user(), await world.given.user({ role: 'support' })];
    const url = `/admin/users/${anna.id}/credit`;
    for (const form of [
      'days=5&reason=sorry',
      grantForm('k3', '&reason=twice'),
      grantForm('k3', '&days=7'),
      'days=5&reason=%00&idempotencyKey=k3',
      'days=1.5&reason=sorry&idempotencyKey=k3',
    ])
      expect([form, (await post(root, url, form)).statusCode]).toEqual([form, 422]);
    expect((await post(support, url, grantForm('k3'))).statusCode).toBe(403);
    expect((await post(anna, url, grantForm('k3'))).statusCode).toBe(403);
    expect(await world.see.creditDaysOf(anna)).toBe(0);

    const { id } = (await grant(root, bert)).json<{ id: string }>();
    expect((await post(root, `${url}/${id}/revoke`, 'reason=not+hers')).statusCode).toBe(404);
    expect(await world.see.creditDaysOf(bert)).toBe(10);
    expect((await post(root, `/admin/users/${anna.id}/role`, 'role=owner')).statusCode).toBe(422);
    for (const query of ['query=a&query=b', 'tier=gold', ''])
      expect((await get(support, `/admin/users?${query}`)).statusCode).toBe(200);
    expect((await get(support, '/admin/users?query=%00')).statusCode).toBe(422);
    expect((await get(support, `/admin/users/${anna.id}`)).body).not.toContain('name="days"');
  });

  const get = (person: Person, url: string) =>
    world.app.inject({ url, headers: { accept: 'text/html', cookie: `tf_session=${person.token}` } });
});

/** The tables in which some row still holds `text`. */
async function findTraces(text: string): Promise<string[]> {
  const { rows } = await world.sql.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
     WHERE schemaname IN ('accounts','auth','billing','credit','notifications','platform','referral','settings') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const holding = await world.see.count(`${name} t WHERE strpos(t::text, $1) > 0`, [text]);
    if (holding > 0) found.push(name);
  }
  return found;
}
