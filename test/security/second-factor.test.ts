import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SecondFactorEnrolment } from '../../src/auth/second-factor/second-factor-enrolment.js';
import { newId } from '../../src/platform/ids.js';
import { registry } from '../../src/platform/observability/metrics/process-metrics.js';
import {
  addAuthenticatorApp,
  beginAuthenticatorApp,
  sessionTokenOf,
  submitForm,
  type AuthenticatorApp,
} from '../support/authenticator-app.js';
import { bearer, type Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

/**
 * Staff prove a second factor after the emailed code: an app, a recovery code. Each proof counts
 * once.
 */
const minuteMs = 60_000;
const hourMs = 3_600_000;
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld({ recentSignInHours: 12, signInLimitFactor: 1 });
  staff = await createStaff(world);
});
afterAll(() => world.close());

let admin: Person;
let app: AuthenticatorApp;
let recoveryCodes: string[];
beforeEach(async () => {
  world.clock.advance(2 * hourMs); // sign-in limits begin again
  ({
    person: admin,
    app,
    recoveryCodes,
  } = await addAuthenticatorApp(world, await world.given.user({ role: 'admin' })));
  world.clock.advance(minuteMs);
});

const signInAgain = () => world.given.user({ email: admin.email });
const prove = (person: Person, code: string) =>
  world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/second-factor',
    headers: bearer(person),
    payload: { code },
  });
const confirm = (token: string, fields: { app: string; code: string }) =>
  submitForm(world, token, '/settings/second-factor/app', fields);
const codeOf = (answer: { json: () => unknown }) => (answer.json() as { code?: string }).code;
const auditOf = async (person: Person) => {
  const { rows } = await world.sql.query<{ action: string }>(
    `SELECT action FROM platform.audit WHERE subject_id = $1 ORDER BY id`,
    [person.id],
  );
  return rows.map(({ action }) => action);
};
const subjectsTo = async (person: Person) => {
  await world.runHandlers();
  const { rows } = await world.sql.query<{ subject: string }>(
    `SELECT subject FROM notifications.captured_email WHERE recipient = $1 ORDER BY created_at, id`,
    [person.email],
  );
  return rows.map(({ subject }) => subject);
};

describe('after the emailed code', () => {
  it('the session opens nothing but the page of the second factor, and the way out', async () => {
    const pending = await signInAgain();
    for (const url of ['/api/v1/me', '/api/v1/settings', '/api/v1/admin/users', '/api/v1/auth/sessions']) {
      const answer = await world.app.inject({ url, headers: bearer(pending) });
      expect([url, answer.statusCode, codeOf(answer)]).toEqual([url, 403, 'auth.second_factor_required']);
    }
    const page = await staff.page('users', pending);
    expect([page.statusCode, page.headers.location]).toEqual([303, '/second-factor?next=%2Fadmin%2Fusers']);
    const asks = await world.app.inject({
      url: '/second-factor?next=/admin/users',
      headers: { cookie: `tf_session=${pending.token}`, accept: 'text/html' },
    });
    expect([asks.statusCode, formFieldValue(asks.body, 'next')]).toEqual([200, '/admin/users']);
    await submitForm(world, pending.token, '/logout/everywhere');
    expect((await world.app.inject({ url: '/api/v1/me', headers: bearer(admin) })).statusCode).toBe(200);
    const home = await world.app.inject({ url: '/', headers: { cookie: `tf_session=${pending.token}` } });
    expect(home.body).not.toContain(admin.email);
    const out = await world.app.inject({
      method: 'DELETE',
      url: '/api/v1/auth/sessions/current',
      headers: bearer(pending),
    });
    expect(out.statusCode).toBe(204);
    expect(codeOf(await prove(pending, app.code()))).toBe('auth.required');
  });

  it('a code of the app opens it, under a new token', async () => {
    const pending = await signInAgain();
    const form = await submitForm(world, pending.token, '/second-factor', {
      next: '/admin/users',
      _stepUpFactor: ` ${app.code().slice(0, 3)} ${app.code().slice(3)} `,
    });
    expect([form.statusCode, form.headers.location]).toEqual([303, '/admin/users']);
    const proven = { ...pending, token: sessionTokenOf(form) };
    expect((await staff.page('users', proven)).statusCode).toBe(200);
    expect((await staff.page('users', pending)).headers.location).toContain('/login');
  });

  it('a code of the app counts once, also of many at the same time, and in no other session', async () => {
    const [one, other] = [await signInAgain(), await signInAgain()];
    const code = app.code();
    const answers = await Promise.all([...[one, other, one].map((own) => prove(own, code))]);
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    world.clock.advance(30_000);
    expect(codeOf(await prove(await signInAgain(), code))).toBe('auth.second_factor_wrong');
    expect((await prove(await signInAgain(), app.code())).statusCode).toBe(201);
  });

  it('a recovery code counts once: of two uses at the same time one wins', async () => {
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    const pending = await Promise.all([signInAgain(), signInAgain()]);
    const answers = await Promise.all(pending.map((own) => prove(own, first)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 401]);
    const typed = second.toUpperCase().replaceAll('-', ' ');
    expect((await prove(await signInAgain(), typed)).statusCode).toBe(201);
    expect(await world.see.count(`auth.recovery_code WHERE user_id = $1`, [admin.id])).toBe(8);
    expect((await auditOf(admin)).filter((action) => action === 'auth.recovery_code_used')).toHaveLength(2);
  });

  it('the codes of others, old ones and made-up ones are refused', async () => {
    const pending = await signInAgain();
    const old = app.code();
    world.clock.advance(2 * minuteMs);
    for (const code of [old, 'abcd-efgh-jkmn-pqrs', '', 'x', '12345']) {
      const answer = await prove(pending, code);
      expect([code, answer.statusCode, codeOf(answer)]).toEqual([code, 401, 'auth.second_factor_wrong']);
    }
    const stranger = await addAuthenticatorApp(world, await world.given.user({ role: 'support' }));
    expect((await prove(pending, stranger.recoveryCodes[0] ?? '')).statusCode).toBe(401);
  });

  it('guesses are limited by the person, whatever session they come from', async () => {
    const codes = [];
    for (let attempt = 0; attempt < 12; attempt++)
      codes.push(codeOf(await prove(await signInAgain().catch(() => admin), '000000')));
    expect(codes.slice(-2)).toEqual(['auth.too_many', 'auth.too_many']);
    const answer = await prove(admin, app.code());
    expect([answer.statusCode, Number(answer.headers['retry-after']) > 0]).toEqual([429, true]);
  });
});

describe('guesses', () => {
  let wide: World;
  let guarded: Awaited<ReturnType<typeof addAuthenticatorApp>>;
  beforeAll(async () => {
    wide = await createWorld({ signInLimitFactor: 1_000_000 });
  });
  afterAll(() => wide.close());
  beforeEach(async () => {
    guarded = await addAuthenticatorApp(wide, await wide.given.user({ role: 'admin' }));
  });
  const guess = (code: string) =>
    wide.app.inject({
      method: 'POST',
      url: '/api/v1/auth/second-factor',
      headers: bearer(guarded.person),
      payload: { code },
    });
  const guessAtOnce = async (count: number) => {
    const codes = Array.from({ length: count }, (_, n) => (n % 2 === 0 ? '000000' : 'abcd-efgh-jkmn-pqrs'));
    const answers = await Promise.all(codes.map(guess));
    return answers.filter(({ statusCode }) => statusCode === 401).length;
  };
  const countAudits = () =>
    wide.see.count(`platform.audit WHERE subject_id = $1 AND action = 'auth.second_factor_guessed'`, [
      guarded.person.id,
    ]);
  const countWarnings = async () => {
    await wide.runHandlers();
    return wide.see.count(
      `notifications.captured_email WHERE recipient = $1 AND subject LIKE 'Wrong second factors%'`,
      [guarded.person.email],
    );
  };
  const countInMetrics = async () => {
    const counted = await registry.getSingleMetric('twofold_second_factors_wrong_total')?.get();
    return counted?.values[0]?.value ?? NaN;
  };

  it('are ten an hour and thirty a day, also at once, whatever the factor of the other limits', async () => {
    const before = await countInMetrics();
    const guessed = [];
    for (let hour = 0; hour < 4; hour++) {
      guessed.push(await guessAtOnce(40));
      wide.clock.advance(hourMs);
    }
    expect(guessed).toEqual([10, 10, 10, 0]);
    expect((await countInMetrics()) - before).toBe(30);
  });

  it('a series of them is audited and emailed once, and another day once more', async () => {
    expect([await guessAtOnce(4), await countAudits(), await countWarnings()]).toEqual([4, 0, 0]);
    expect([await guessAtOnce(6), await countAudits(), await countWarnings()]).toEqual([6, 1, 1]);
    wide.clock.advance(hourMs);
    expect([await guessAtOnce(10), await countAudits(), await countWarnings()]).toEqual([10, 1, 1]);
    wide.clock.advance(24 * hourMs);
    expect([await guessAtOnce(10), await countAudits(), await countWarnings()]).toEqual([10, 2, 2]);
  });

  it('right factors are no guesses', async () => {
    for (let proof = 0; proof < 12; proof++) {
      wide.clock.advance(minuteMs / 2);
      const answer = await guess(guarded.app.code());
      expect(answer.statusCode).toBe(201);
      guarded.person.token = answer.json<{ token: string }>().token;
    }
    expect(await guessAtOnce(40)).toBe(10);
  });
});

describe('what only admins do', () => {
  it('asks for the second factor in place when it is old, and goes on', async () => {
    const anna = await world.given.user();
    world.clock.advance(13 * hourMs);
    const grant = (token: string, more: Record<string, string>) =>
      submitForm(world, token, `/admin/users/${anna.id}/credit`, { days: '3', reason: 'late', ...more });
    const asks = await grant(admin.token, {});
    expect([asks.statusCode, formFieldValue(asks.body, 'reason')]).toEqual([403, 'late']);
    expect(asks.body).not.toContain('_stepUpSend');
    const wrong = await grant(admin.token, { _stepUpFactor: '000000' });
    expect([wrong.statusCode, formFieldValue(wrong.body, 'days')]).toEqual([403, '3']);
    expect(await world.see.creditDaysOf(anna)).toBe(0);
    const api = await staff.api('POST', `users/${anna.id}/credit`, admin, { days: 1, reason: 'late' });
    expect(api.json()).toMatchObject({
      code: 'auth.step_up',
      detail: expect.stringContaining('/api/v1/auth/second-factor'),
    });
    const { token } = (await prove(admin, app.code())).json<{ token: string }>();
    const done = await grant(token, { idempotencyKey: formFieldValue(asks.body, 'idempotencyKey') || 'one' });
    expect(done.statusCode).toBe(303);
    expect(await world.see.creditDaysOf(anna)).toBe(3);
  });
});

describe('adding and removing', () => {
  it('adding needs a sign-in of the last minutes, and the new session only counts', async () => {
    const support = await world.given.user({ role: 'support' });
    world.clock.advance(11 * minuteMs);
    const asks = await submitForm(world, support.token, '/settings/second-factor/app/new');
    expect([asks.statusCode, asks.body.includes('_stepUpSend')]).toEqual([403, true]);
    expect(await world.see.count(`auth.authenticator_app WHERE user_id = $1`, [support.id])).toBe(0);
  });

  it('people who are not staff add none', async () => {
    const user = await world.given.user();
    const answer = await submitForm(world, user.token, '/settings/second-factor/app/new');
    expect(answer.statusCode).toBe(404);
    const page = await world.app.inject({
      url: '/settings',
      headers: { cookie: `tf_session=${user.token}`, accept: 'text/html' },
    });
    expect(page.body).not.toContain('/settings/second-factor');
  });

  it('an app counts once a code of it was right, and its secret is stored sealed', async () => {
    const support = await world.given.user({ role: 'support' });
    const { page, secret, sealed, code } = await beginAuthenticatorApp(world, support.token);
    expect([secret.length, page.headers['cache-control']]).toEqual([32, 'no-store']);
    expect(sealed).not.toContain(secret);
    const wrong = await confirm(support.token, { app: sealed, code: '000000' });
    expect([wrong.statusCode, wrong.body.replaceAll(' ', '').includes(secret)]).toEqual([422, true]);
    expect((await staff.page('users', support)).statusCode).toBe(200);
    const right = await confirm(support.token, { app: formFieldValue(wrong.body, 'app'), code: code() });
    expect(right.statusCode).toBe(200);
    const { rows } = await world.sql.query<{ sealed_secret: string }>(
      `SELECT sealed_secret FROM auth.authenticator_app WHERE user_id = $1`,
      [support.id],
    );
    expect(rows[0]?.sealed_secret).not.toContain(secret);
  });

  it('an app counts in the session that began it only, and beside no other', async () => {
    const victim = await world.given.user({ role: 'admin' });
    const thief = await world.given.user({ email: victim.email });
    const theirs = await beginAuthenticatorApp(world, thief.token);
    const own = await beginAuthenticatorApp(world, victim.token);
    const stolen = await confirm(victim.token, { app: theirs.sealed, code: theirs.code() });
    expect([stolen.statusCode, stolen.body.includes('Begin again')]).toEqual([422, true]);
    expect((await confirm(victim.token, { app: own.sealed, code: theirs.code() })).statusCode).toBe(422);
    expect((await confirm(victim.token, { app: '', code: own.code() })).statusCode).toBe(422);
    expect(await world.see.count(`auth.authenticator_app WHERE user_id = $1`, [victim.id])).toBe(0);

    const another = await beginAuthenticatorApp(world, victim.token);
    const answers = await Promise.all(
      [own, another].map(({ sealed, code }) => confirm(victim.token, { app: sealed, code: code() })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(await world.see.count(`auth.authenticator_app WHERE user_id = $1`, [victim.id])).toBe(1);
  });

  it('an app that was begun ten minutes ago counts no more', async () => {
    const enrolment = world.app.get(SecondFactorEnrolment, { strict: false });
    const me = { userId: admin.id, sessionId: newId(world.clock), role: 'admin' as const };
    await submitForm(world, admin.token, '/settings/second-factor/app/remove');
    const { secret, sealed } = await enrolment.startApp(me);
    world.clock.advance(10 * minuteMs - 1);
    expect(enrolment.openPendingApp(me, sealed)).toEqual({ secret, sealed });
    world.clock.advance(1);
    expect(() => enrolment.openPendingApp(me, sealed)).toThrow('Begin again');
  });

  it('the person is emailed, it is audited, and their other sessions are asked', async () => {
    const twice = await world.given.user({ role: 'admin' });
    const other = await world.given.user({ email: twice.email });
    const added = await addAuthenticatorApp(world, twice);
    expect((await staff.page('users', other)).headers.location).toContain('/second-factor');
    expect((await staff.page('users', twice)).headers.location).toContain('/login');
    expect((await staff.page('users', added.person)).statusCode).toBe(200);
    const removed = await submitForm(world, added.person.token, '/settings/second-factor/app/remove');
    expect([removed.statusCode, removed.headers.location]).toEqual([303, '/settings/second-factor']);
    expect(await auditOf(twice)).toEqual(
      expect.arrayContaining(['auth.second_factor_added', 'auth.second_factor_removed']),
    );
    expect(await subjectsTo(twice)).toEqual(
      expect.arrayContaining([
        'A second factor was added to your Twofold account',
        'A second factor was removed from your Twofold account',
      ]),
    );
    expect(await world.see.count(`auth.recovery_code WHERE user_id = $1`, [twice.id])).toBe(0);
  });

  it('removing needs a proof of the last minutes', async () => {
    world.clock.advance(11 * minuteMs);
    const asks = await submitForm(world, admin.token, '/settings/second-factor/app/remove');
    expect([asks.statusCode, asks.body.includes('_stepUpFactor')]).toEqual([403, true]);
    const done = await submitForm(world, admin.token, '/settings/second-factor/app/remove', {
      _stepUpFactor: app.code(),
    });
    expect(done.statusCode).toBe(303);
    expect(await world.see.count(`auth.authenticator_app WHERE user_id = $1`, [admin.id])).toBe(0);
  });

  it('removing ends the other sessions, which the factor may have proven', async () => {
    const other = await signInAgain();
    const proven = await prove(other, app.code());
    const token = (proven.json() as { token: string }).token;
    const me = () => world.app.inject({ url: '/api/v1/me', headers: bearer({ ...other, token }) });
    expect((await me()).statusCode).toBe(200);
    await submitForm(world, admin.token, '/settings/second-factor/app/remove');
    expect((await me()).statusCode).toBe(401);
  });

  it.each([
    '{"response":{"clientDataJSON":{"toString":1}}}',
    '{"response":{"clientDataJSON":7}}',
    '[]',
    'null',
    '{',
  ])('a passkey’s answer that is none is refused: %s', async (answer) => {
    const pending = await signInAgain();
    const refused = await submitForm(world, pending.token, '/second-factor', {
      next: '/admin',
      _stepUpPasskey: answer,
    });
    expect(refused.statusCode).toBe(401);
  });

  it('new recovery codes end the earlier ones', async () => {
    const page = await submitForm(world, admin.token, '/settings/second-factor/recovery-codes');
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect((await prove(await signInAgain(), recoveryCodes[3] ?? '')).statusCode).toBe(401);
    const [, fresh = ''] = /<code>([a-z0-9-]{19})<\/code>/.exec(page.body) ?? [];
    expect((await prove(await signInAgain(), fresh)).statusCode).toBe(201);
  });
});

describe('whether a person has one, which each request asks', () => {
  const insertPasskey = `INSERT INTO auth.passkey (id, user_id, credential_id, public_key, sign_count, transports, name, created_at)
    VALUES (gen_random_uuid(), $1, sha256(random()::text::bytea), 'key', 0, '{}', 'key', now())`;
  const hasOne = async () =>
    (await world.see.count(`auth."user" WHERE id = $1 AND has_second_factor`, [admin.id])) === 1;

  it('stays true until the last one is removed', async () => {
    await world.sql.query(insertPasskey, [admin.id]);
    await world.sql.query(`DELETE FROM auth.authenticator_app WHERE user_id = $1`, [admin.id]);
    expect(await hasOne()).toBe(true);
    await world.sql.query(`DELETE FROM auth.passkey WHERE user_id = $1`, [admin.id]);
    expect(await hasOne()).toBe(false);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('is true when one is added while another is removed', async () => {
    const adding = await holdLock(world.sql, insertPasskey, [admin.id]);
    const removal = world.sql.query(`DELETE FROM auth.authenticator_app WHERE user_id = $1`, [admin.id]);
    await adding.untilBlocked();
    await adding.commit();
    await removal;
    expect(await hasOne()).toBe(true);
  });

  it('is compared with the factors by the integrity checks', async () => {
    const set = (to: boolean) =>
      world.sql.query(`UPDATE auth."user" SET has_second_factor = $2 WHERE id = $1`, [admin.id, to]);
    await set(false);
    expect(await world.see.discrepancies()).toEqual([
      'the user has a second factor, and is said to have none',
    ]);
    await world.sql.query(`DELETE FROM auth.authenticator_app WHERE user_id = $1`, [admin.id]);
    await set(true);
    expect(await world.see.discrepancies()).toEqual([
      'the user is said to have a second factor, and has none',
    ]);
    await set(false);
  });
});

describe('where staff must have one', () => {
  let strict: World;
  let strictStaff: Staff;
  beforeAll(async () => {
    strict = await createWorld({ staffSecondFactor: 'required' });
    strictStaff = await createStaff(strict);
  });
  afterAll(() => strict.close());

  it('they are led to add it before anything of the console, and keep it', async () => {
    for (const person of [strictStaff.admin, strictStaff.support]) {
      const page = await strictStaff.page('users', person);
      expect([page.statusCode, page.headers.location]).toEqual([
        303,
        '/settings/second-factor?next=%2Fadmin%2Fusers',
      ]);
      expect(codeOf(await strictStaff.api('GET', 'users', person))).toBe('auth.second_factor_missing');
    }
    const { person } = await addAuthenticatorApp(strict, strictStaff.admin);
    expect((await strictStaff.page('users', person)).statusCode).toBe(200);
    const kept = await submitForm(strict, person.token, '/settings/second-factor/app/remove');
    expect(kept.statusCode).toBe(409);
    expect((await strictStaff.page('users', person)).statusCode).toBe(200);
  });

  it('users are asked for nothing', async () => {
    const answer = await strict.app.inject({ url: '/api/v1/me', headers: bearer(await strict.given.user()) });
    expect(answer.statusCode).toBe(200);
  });
});
