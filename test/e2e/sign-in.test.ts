import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { maskEmail } from '../../src/platform/email-address.js';
import { OutboxRelay } from '../../src/platform/jobs/outbox-relay.js';
import { UserErasure, AuthService, AuthRetention } from '../../src/auth/index.js';
import { toEmailAddress } from '../support/email.js';
import { bearer } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await createWorld({ adminEmails: ['boss@example.org'] });
});
afterAll(() => world.close());

const someEmail = () => `${randomBytes(6).toString('hex')}@example.org`;
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  world.app.inject({ method: 'POST', url: `/api/v1/auth/${url}`, payload, headers });
const wrong = (code: string) => (code === '000000' ? '111111' : '000000');
const statuses = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode).sort();

it('a code from the mailbox opens a session that lasts thirty days from its last use', async () => {
  const anna = await world.given.user();
  const days = 86_400_000;
  const me = () => world.app.inject({ url: '/api/v1/auth/sessions', headers: bearer(anna) });

  world.clock.advance(29 * days);
  expect((await me()).statusCode).toBe(200);
  world.clock.advance(29 * days);
  expect((await me()).statusCode).toBe(200);
  world.clock.advance(30 * days + 1);
  expect((await me()).statusCode).toBe(401);
});

it('twenty tries at once with the right code open one session', async () => {
  const email = someEmail();
  const given = await world.given.challenge(email);

  const answers = await Promise.all(Array.from({ length: 20 }, () => post('sessions', given)));

  expect(statuses(answers)).toEqual([201, ...Array.from({ length: 19 }, () => 410)]);
  expect(
    await world.see.count('auth.session s JOIN auth."user" u ON u.id = user_id WHERE email = $1', [email]),
  ).toBe(1);
});

it('of twenty wrong codes at once five are checked, and the right one comes too late', async () => {
  const { challengeId, code } = await world.given.challenge(someEmail());

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post('sessions', { challengeId, code: wrong(code) })),
  );

  expect(statuses(answers)).toEqual([
    ...Array.from({ length: 5 }, () => 401),
    ...Array.from({ length: 15 }, () => 410),
  ]);
  const left = answers.flatMap((answer) => answer.json<{ attemptsLeft?: number }>().attemptsLeft ?? []);
  expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
  expect((await post('sessions', { challengeId, code })).statusCode).toBe(410);
});

it('a code is good for ten minutes and once', async () => {
  const late = await world.given.challenge(someEmail());
  world.clock.advance(10 * 60_000);
  expect((await post('sessions', late)).json()).toMatchObject({ status: 410, code: 'auth.code_expired' });

  const once = await world.given.challenge(someEmail());
  world.clock.advance(10 * 60_000 - 1);
  expect((await post('sessions', once)).statusCode).toBe(201);
  expect((await post('sessions', once)).statusCode).toBe(410);
});

it('the same new address verified twice at once is one user with one referral', async () => {
  const anna = await world.given.user();
  const ref = await world.given.referralCodeOf(anna);
  for (let round = 0; round < 5; round++) {
    const email = someEmail();
    const codes = [await world.given.challenge(email, ref), await world.given.challenge(email, ref)];

    const answers = await Promise.all(codes.map((given) => post('sessions', given)));

    expect(statuses(answers)).toEqual([201, 201]);
    const ids = answers.map((answer) => answer.json<{ user: { id: string } }>().user.id);
    expect(new Set(ids).size).toBe(1);
    expect(await world.see.count('referral.referral WHERE referred_id = $1', [ids[0]])).toBe(1);
  }
});

it('an invitation is claimed by who proves the address, not by who asks for a code', async () => {
  const [anna, mallory] = [await world.given.user(), await world.given.user()];
  const email = someEmail();

  await post('challenges', { email, ref: await world.given.referralCodeOf(mallory) });
  await world.runHandlers();
  expect(await world.see.count('auth."user" WHERE email = $1', [email])).toBe(0);
  expect(await world.see.count('referral.referral WHERE referrer_id = $1', [mallory.id])).toBe(0);

  const bert = await world.given.user({ email, ref: await world.given.referralCodeOf(anna) });
  expect(
    await world.see.count('referral.referral WHERE referrer_id = $1 AND referred_id = $2', [
      anna.id,
      bert.id,
    ]),
  ).toBe(1);
});

it('a person with an account is not linked by a friend’s link', async () => {
  const [anna, bert] = [await world.given.user(), await world.given.user()];

  const again = await world.given.user({ email: bert.email, ref: await world.given.referralCodeOf(anna) });

  expect(again.id).toBe(bert.id);
  expect(await world.see.count('referral.referral WHERE referred_id = $1', [bert.id])).toBe(0);
});

it('a known and an unknown address are answered alike and cost the same writes', async () => {
  const anna = await world.given.user();
  const written = async () => {
    const { rows } = await world.sql.query<{ n: string }>(
      `SELECT (SELECT count(*) FROM auth.challenge) + (SELECT count(*) FROM auth."user")
         + (SELECT count(*) FROM platform.outbox) + (SELECT count(*) FROM platform.audit)
         + (SELECT sum(hits) FROM platform.rate_limit) AS n`,
    );
    return Number(rows[0]?.n);
  };
  const observe = async (email: string) => {
    const before = await written();
    const answer = await post('challenges', { email });
    const headers = Object.keys(answer.headers).sort();
    return {
      status: answer.statusCode,
      fields: Object.keys(answer.json()),
      headers,
      rows: (await written()) - before,
    };
  };

  const known = await observe(anna.email);
  expect(known).toMatchObject({ status: 202, rows: 4 });
  expect(await observe(someEmail())).toEqual(known);
});

it('a sixth open code for one address has to wait for the first to expire, also when asked for at once', async () => {
  const email = someEmail();

  const answers = await Promise.all(Array.from({ length: 8 }, () => post('challenges', { email })));

  expect(statuses(answers)).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  expect(refused?.headers['retry-after']).toBe('600');
  world.clock.advance(600_000);
  expect((await post('challenges', { email })).statusCode).toBe(202);
});

it('no published event and no waiting job shows a code or an address, and no session its token', async () => {
  const email = someEmail();
  await post('challenges', { email });
  const published = await world.sql.query<{ data: unknown }>(`SELECT pending AS data FROM platform.outbox`);
  await world.app.get(OutboxRelay, { strict: false }).moveAll();
  const waiting = await world.sql.query<{ data: unknown }>(
    `SELECT data FROM pgboss.job WHERE state = 'created'`,
  );
  expect(published.rows.length).toBeGreaterThan(0);
  expect(waiting.rows.length).toBeGreaterThan(0);
  const stored = JSON.stringify([published.rows, waiting.rows]);
  expect(stored).not.toContain(email);
  expect(stored).not.toMatch(/"code"|\b\d{6}\b/);
  await world.runHandlers();

  const anna = await world.given.user();
  const sessions = await world.sql.query<{ row: string }>(
    `SELECT s::text AS row FROM auth.session s WHERE user_id = $1`,
    [anna.id],
  );
  expect(sessions.rows[0]?.row).not.toContain(anna.token);
});

it('the mail carries the code alone on a line, and in its subject', async () => {
  const email = someEmail();
  const { code } = await world.given.challenge(email);
  const { rows } = await world.sql.query<{ subject: string; text_part: string }>(
    `SELECT subject, text_part FROM notifications.captured_email WHERE recipient = $1`,
    [email],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.subject).toContain(code);
  expect(rows[0]?.text_part.split('\n')).toContain(code);
});

it('ADMIN_EMAILS makes an admin, until an admin takes it away', async () => {
  const boss = await world.given.user({ email: 'boss@example.org' });
  const roleOf = async () =>
    (await world.sql.query<{ role: string }>(`SELECT role FROM auth."user" WHERE id = $1`, [boss.id])).rows[0]
      ?.role;
  expect(await roleOf()).toBe('admin');

  const auth = world.app.get(AuthService, { strict: false });
  await world.database.transaction((tx) => auth.setRole(tx, boss.id, 'user', { kind: 'operator' }));
  await world.given.user({ email: 'boss@example.org' });
  expect(await roleOf()).toBe('user');
});

it('an account moves to another address with proof of both, and the old one is reported', async () => {
  const anna = await world.given.user();
  const elsewhere = await world.given.user({ email: anna.email });
  const next = someEmail();
  const change = async (more: object = {}) => {
    const payload = { ...(await world.given.challenge(next)), ...more };
    return world.app.inject({ method: 'POST', url: '/api/v1/me/email', payload, headers: bearer(anna) });
  };

  world.clock.advance(15 * 60_000 + 1);
  expect((await change()).json()).toMatchObject({ status: 403, code: 'auth.fresh_sign_in_needed' });
  const stranger = await world.given.challenge(someEmail());
  const foreign = { currentChallengeId: stranger.challengeId, currentCode: stranger.code };
  expect((await change(foreign)).json()).toMatchObject({ status: 410, code: 'auth.code_expired' });
  const current = await world.given.challenge(anna.email);
  const moved = await change({ currentChallengeId: current.challengeId, currentCode: current.code });
  expect(moved.json()).toMatchObject({ id: anna.id, email: next });

  const devices = { url: '/api/v1/auth/sessions', headers: bearer(elsewhere) };
  expect((await world.app.inject(devices)).statusCode).toBe(401);
  await world.runHandlers();
  expect(
    await world.see.count(
      `notifications.captured_email WHERE recipient = $1 AND subject LIKE '%address was changed%'`,
      [anna.email],
    ),
  ).toBe(1);
  expect((await world.given.user({ email: next })).id).toBe(anna.id);
});

it('a taken address is reported only to who reads its mail', async () => {
  const [anna, bert] = [await world.given.user(), await world.given.user()];
  const proof = await world.given.challenge(bert.email);
  const tries = async (payload: object) =>
    (
      await world.app.inject({ method: 'POST', url: '/api/v1/me/email', payload, headers: bearer(anna) })
    ).json();

  expect(await tries({ ...proof, code: wrong(proof.code) })).toMatchObject({ code: 'auth.code_wrong' });
  expect(await tries(proof)).toMatchObject({ status: 409, code: 'auth.email_taken' });
});

it('an erased person is no one, and may come again as a person new', async () => {
  const anna = await world.given.user();
  const auth = world.app.get(AuthService, { strict: false });
  const { rows } = await world.sql.query(`SELECT * FROM auth.session WHERE user_id = $1`, [anna.id]);
  await world.database.transaction((tx) =>
    world.app
      .get(UserErasure, { strict: false })
      .erase(tx, anna.id, { hasPaid: false, by: { kind: 'system' } }),
  );
  expect(await world.see.count('auth.session WHERE user_id = $1', [anna.id])).toBe(0);
  const leftover = `INSERT INTO auth.session SELECT * FROM json_populate_record(NULL::auth.session, $1)`;
  const token_hash = `\\x${(rows[0] as { token_hash: Buffer }).token_hash.toString('hex')}`;
  await world.sql.query(leftover, [JSON.stringify({ ...rows[0], token_hash })]);
  await world.database.transaction((tx) =>
    world.app
      .get(UserErasure, { strict: false })
      .erase(tx, anna.id, { hasPaid: false, by: { kind: 'system' } }),
  );

  expect((await world.app.inject({ url: '/api/v1/auth/sessions', headers: bearer(anna) })).statusCode).toBe(
    401,
  );
  expect(await auth.findById(anna.id)).toBeNull();
  expect((await world.given.user({ email: anna.email })).id).not.toBe(anna.id);
});

it('a code that could not be mailed in time is not mailed at all', async () => {
  const email = someEmail();
  await post('challenges', { email });
  world.clock.advance(10 * 60_000);
  await world.runHandlers();
  expect(await world.see.count('notifications.captured_email WHERE recipient = $1', [email])).toBe(0);
});

it('when an invitation pays off, both sides are reported once what it brought', async () => {
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  const payment = world.when.invoicePaid(bert);
  await world.when.stripeSends(payment);
  await world.when.stripeSends(payment);
  await world.runHandlers();

  for (const { email } of [anna, bert]) {
    const told = `notifications.captured_email WHERE recipient = $1 AND id LIKE 'referral-converted:%' AND text_part LIKE '%45 days of paid access%'`;
    expect(await world.see.count(told, [email])).toBe(1);
  }
});

it('an import takes over who is new, and says who was there', async () => {
  const anna = await world.given.user();
  const [fresh, createdAt] = [someEmail(), new Date('2020-02-29T00:00:00Z')];
  const rows = [fresh, anna.email, fresh].map((email) => ({ email: toEmailAddress(email), createdAt }));

  const auth = world.app.get(AuthService, { strict: false });
  const outcomes = await world.database.transaction((tx) => auth.importUsers(tx, rows));

  expect(outcomes.map(({ email, existedBefore }) => [email, existedBefore])).toEqual([
    [fresh, false],
    [anna.email, true],
    [fresh, true],
  ]);
  expect(outcomes[1]?.userId).toBe(anna.id);
  const user = await world.given.user({ email: fresh });
  expect(user.id).toBe(outcomes[0]?.userId);
  expect((await auth.findByEmail(` ${fresh.toUpperCase()} `))?.createdAt).toEqual(createdAt);
});

it('what has run out is forgotten: ended sessions, and codes that no budget counts any more', async () => {
  const [anna, email] = [await world.given.user(), someEmail()];
  await post('challenges', { email });
  const prune = () => world.app.get(AuthRetention, { strict: false }).purge();
  const kept = async () => [
    await world.see.count('auth.session WHERE user_id = $1', [anna.id]),
    await world.see.count('auth.challenge WHERE email = $1', [email]),
  ];

  await prune();
  expect(await kept()).toEqual([1, 1]);
  world.clock.advance(30 * 86_400_000);
  await prune();
  expect(await kept()).toEqual([0, 0]);
  const { rowCount } = await world.sql.query(`SELECT 1 FROM platform.rate_limit WHERE expires_at <= $1`, [
    world.clock.now(),
  ]);
  expect(rowCount).toBe(0);
});

/** A browser: it keeps cookies, and sends forms as this site's own pages do. */
class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(token?: string) {
    if (token !== undefined) this.cookies.set('tf_session', token);
  }

  async open(url: string) {
    return this.keep(await world.app.inject({ url, headers: { cookie: this.cookie } }));
  }

  async submit(url: string, form: Record<string, string>, origin = 'http://twofold.test') {
    const payload = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: this.cookie, origin };
    return this.keep(await world.app.inject({ method: 'POST', url, payload, headers }));
  }

  private get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep<A extends { cookies: { name: string; value: string; maxAge?: number }[] }>(answer: A): A {
    for (const { name, value, maxAge } of answer.cookies)
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, encodeURIComponent(value));
    return answer;
  }
}

const mailedCodeOf = async (email: string) => {
  await world.runHandlers();
  const { rows } = await world.sql.query<{ subject: string }>(
    `SELECT subject FROM notifications.captured_email WHERE recipient = $1 ORDER BY created_at`,
    [email],
  );
  return /\d{6}/.exec(rows.at(-1)?.subject ?? '')?.[0] ?? '';
};

it('an invitation survives from the link through the form and the code to the referral', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  const [email, browser] = [someEmail(), new Browser()];

  const login = await browser.open(`/login?ref=${code.toLowerCase()}&next=/pricing`);
  expect(login.body).toContain('invited to Twofold. 45 days of paid access');
  expect(login.body).not.toContain(maskEmail(anna.email));
  const asked = await browser.submit('/login', { email, ref: code, next: '/pricing' });
  expect([asked.statusCode, asked.headers.location]).toEqual([303, '/verify']);
  expect((await browser.open('/verify')).body).toContain(maskEmail(email));
  const mailed = await mailedCodeOf(email);
  const refused = await browser.submit('/verify', { code: wrong(mailed) });
  expect([refused.statusCode, refused.body]).toEqual([
    401,
    expect.stringContaining('You have 4 attempts left'),
  ]);
  const verified = await browser.submit('/verify', { code: ` ${mailed.slice(0, 3)} ${mailed.slice(3)} ` });
  expect([verified.statusCode, verified.headers.location]).toEqual([303, '/pricing']);

  expect(await world.see.count('referral.referral WHERE referrer_id = $1', [anna.id])).toBe(1);
  expect((await browser.open('/login')).headers.location).toBe('/settings');
  expect((await browser.open(`/login?ref=${code}`)).headers.location).toBe(`/settings?invited=${code}`);
  const out = await browser.submit('/logout', {});
  expect(out.headers.location).toBe('/');
  expect(out.cookies).toContainEqual(expect.objectContaining({ name: 'tf_session', value: '', maxAge: 0 }));
  expect((await browser.open('/login')).statusCode).toBe(200);
});

it('an invitation followed first and a sign-up by the API later belong together', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  const link = await world.app.inject({ url: `/login?ref=${code}` });
  const cookie = link.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const email = someEmail();

  expect((await post('challenges', { email }, { cookie })).json()).toMatchObject({
    invitedBy: { label: 'A friend' },
  });
  const swapped = { cookie: `tf_pending=${link.cookies[0]?.value}` };
  expect((await world.app.inject({ url: '/verify', headers: swapped })).headers.location).toBe('/login');
  const forged = { cookie: `tf_ref=${code}` };
  expect((await post('challenges', { email }, forged)).json()).toMatchObject({ invitedBy: null });
});

it('the sign-in pages say what is wrong, and lead nowhere else', async () => {
  const browser = new Browser();
  const unknown = await browser.open('/login?ref=%3Cscript%3Ealert(1)');
  expect(unknown.body).toContain('The code “&lt;script');
  expect(unknown.body).not.toContain('<script>');
  expect((await browser.submit('/login', { email: 'nonsense' })).statusCode).toBe(422);
  expect((await browser.submit('/login', { email: someEmail(), ref: 'nobody’s' })).statusCode).toBe(422);
  expect((await browser.submit('/login', { email: someEmail() }, 'https://evil.example')).statusCode).toBe(
    403,
  );
  expect((await browser.open('/verify')).headers.location).toBe('/login');

  const email = someEmail();
  await browser.submit('/login', { email, next: '//evil.example' });
  expect((await browser.submit('/verify', { code: 'abc' })).statusCode).toBe(422);
  world.clock.advance(600_000);
  const late = await browser.submit('/verify', { code: '123456' });
  expect([late.statusCode, late.body]).toEqual([410, expect.stringContaining('Send me a new code')]);
  await browser.submit('/login', { email, next: '//evil.example' });
  const verified = await browser.submit('/verify', { code: await mailedCodeOf(email) });
  expect(verified.headers.location).toBe('/settings');
});

it('an invitation that was followed counts unless the field for it was emptied', async () => {
  const anna = await world.given.user();
  const code = await world.given.referralCodeOf(anna);
  for (const [form, linked] of [
    [{}, 1],
    [{ ref: '' }, 0],
  ] as const) {
    const [email, browser] = [someEmail(), new Browser()];
    await browser.open(`/login?ref=${code}`);
    await browser.submit('/login', { email, ...form });
    await browser.submit('/verify', { code: await mailedCodeOf(email) });
    const brought = `referral.referral r JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = $1`;
    expect(await world.see.count(brought, [email])).toBe(linked);
  }
});

it('who asks for too many codes is reported on the page how long to wait', async () => {
  const [email, browser] = [someEmail(), new Browser()];
  for (let n = 0; n < 5; n++) await browser.submit('/login', { email });
  const refused = await browser.submit('/login', { email });
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '600']);
  expect(refused.body).toContain('Please wait 10 minutes');
});

it('devices are signed out from the page: one, another’s never, and all of them', async () => {
  const [anna, mallory] = [await world.given.user(), await world.given.user()];
  const [phone, laptop] = [
    new Browser(anna.token),
    new Browser((await world.given.user({ email: anna.email })).token),
  ];
  const stranger = new Browser(mallory.token);
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id FROM auth.session WHERE user_id = $1 ORDER BY created_at`,
    [anna.id],
  );
  const live = () => world.see.count('auth.session WHERE user_id = $1', [anna.id]);

  for (const { id } of rows) await stranger.submit('/logout/device', { sessionId: id });
  expect(await live()).toBe(2);
  const { items } = (await phone.open('/api/v1/auth/sessions')).json<{
    items: { id: string; current: boolean }[];
  }>();
  const other = items.find(({ current }) => !current)?.id ?? '';
  const ended = await phone.submit('/logout/device', { sessionId: other });
  expect([ended.headers.location, await live()]).toEqual(['/settings#devices', 1]);
  expect((await laptop.open('/login')).statusCode).toBe(200);
  await world.given.user({ email: anna.email });
  expect((await phone.submit('/logout/everywhere', {})).headers.location).toBe('/');
  expect(await live()).toBe(0);
});
