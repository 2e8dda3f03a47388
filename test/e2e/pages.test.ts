import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreditService } from '../../src/credit/credit.service.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

/** What people read and press, as the pages are sent. */
describe('pages', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const page = (url: string, person?: Person) =>
    world.app.inject({
      url,
      headers: { accept: 'text/html', ...(person && { cookie: `tf_session=${person.token}` }) },
    });

  it('/login?ref=<code> shows who invited, however the code was typed', async () => {
    const anna = await world.given.user();
    const code = await world.given.referralCodeOf(anna);
    const { body } = await page(`/login?ref=${code.toLowerCase().slice(0, 4)}-${code.slice(4)}`);
    expect(body).toMatch(/invited to Twofold\. 45 days of paid access/);
    expect((await page('/login')).body).not.toContain('invited to');
  });

  it('the code survives login, its form and the verification, in the pending cookie', async () => {
    const { app, given, runHandlers, sql, see } = world;
    const anna = await given.user();
    const jar = new Map<string, string>();
    const send = async (method: 'GET' | 'POST', url: string, form?: Record<string, string>) => {
      const answer = await app.inject({
        method,
        url,
        headers: {
          accept: 'text/html',
          origin: 'http://twofold.test',
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form && { payload: new URLSearchParams(form).toString() }),
      });
      for (const cookie of answer.cookies) jar.set(cookie.name, cookie.value);
      return answer;
    };
    await send('GET', `/login?ref=${await given.referralCodeOf(anna)}`);
    expect((await send('POST', '/login', { email: 'by-page@example.org' })).headers.location).toBe('/verify');
    await runHandlers();
    const { rows } = await sql.query<{ text_part: string }>(
      `SELECT text_part FROM notifications.captured_email WHERE recipient = 'by-page@example.org'`,
    );
    const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '';
    expect((await send('POST', '/verify', { code })).statusCode).toBe(303);
    expect(
      await see.count(
        `referral.referral r JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = 'by-page@example.org' AND r.referrer_id = $1`,
        [anna.id],
      ),
    ).toBe(1);
  });

  it('settings count the conversions still inside their 45 days, and days of any origin', async () => {
    const { app, clock, database, given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    expect((await page('/settings', anna)).body).not.toContain('days on your account');
    await when.pays(bert);
    const { body } = await page('/settings', anna);
    expect(body).toMatch(/Active credits<\/dt><dd>1</);
    expect(body).toContain('+45 days on your account');
    const credited = await given.user();
    const credit = app.get(CreditService, { strict: false });
    await database.transaction((tx) =>
      credit.grantManually(
        tx,
        { userId: credited.id, days: 3 },
        { reason: 'sorry', actor: { kind: 'operator' } },
      ),
    );
    expect((await page('/settings', credited)).body).toContain('+3 days on your account');
    clock.advance(29 * 86_400_000);
    await app.inject({ url: '/api/v1/me', headers: bearer(anna) });
    clock.advance(16 * 86_400_000);
    expect((await page('/settings', anna)).body).toMatch(/Active credits<\/dt><dd>0</);
  });

  it('pages promise 45 days of paid access, and no discount', async () => {
    const anna = await world.given.user();
    for (const { body } of [await page('/'), await page('/pricing'), await page('/settings', anna)]) {
      expect(body).toContain('45 days of paid access');
      expect(body).not.toMatch(/50\s?%/);
    }
  });

  it('the Restore button has the class of its button family', async () => {
    const anna = await world.given.user();
    await world.app.inject({
      method: 'PUT',
      url: '/api/v1/settings/backup',
      headers: bearer(anna),
      payload: { data: { a: 1 } },
    });
    const { body } = await page('/settings', anna);
    const buttons = [...body.matchAll(/<button[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => tag.includes('submit') || !tag.includes('data-copy'));
    const restore = /<button[^>]*settings-btn[^>]*>Restore/.exec(body);
    expect(restore).not.toBeNull();
    expect(buttons.length).toBeGreaterThan(5);
  });

  it('a person with an account who follows a link learns why it brings nothing', async () => {
    const anna = await world.given.user();
    const bert = await world.given.user();
    const code = await world.given.referralCodeOf(anna);
    const answer = await page(`/login?ref=${code}`, bert);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/settings?invited=${code}`]);
    expect((await page(`/settings?invited=${code}`, bert)).body).toContain('only counts for new accounts');
    expect((await page(`/settings?invited=${code}`, anna)).body).toContain('your own link');
  });

  it('a visitor is sent to sign in first, and back', async () => {
    const answer = await page('/settings');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/login?next=%2Fsettings']);
  });

  it('no page carries inline script, and none may be framed', async () => {
    const { body, headers } = await page('/');
    expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline/);
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style|style="|onclick=/);
  });

  it('a name that is hostile is only text', async () => {
    const anna = await world.given.user();
    await world.sql.query(`UPDATE auth."user" SET display_name = '<script>alert(1)</script>' WHERE id = $1`, [
      anna.id,
    ]);
    const { body } = await page(`/login?ref=${await world.given.referralCodeOf(anna)}`);
    expect(body).toContain('&lt;script>alert(1)');
    expect(body).not.toContain('<script>alert');
  });
});

describe('the forms of the settings page', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const post = (person: Person, url: string, form: Record<string, string>) =>
    world.app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(form).toString(),
      headers: {
        accept: 'text/html',
        origin: 'http://twofold.test',
        cookie: `tf_session=${person.token}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  const challengeIn = (body: string) => /name="challengeId" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const codeFor = async (challengeId: string) => {
    await world.runHandlers();
    const { rows } = await world.sql.query<{ text_part: string }>(
      `SELECT text_part FROM notifications.captured_email WHERE id = $1`,
      [`sign-in-code:${challengeId}`],
    );
    return /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0] ?? '';
  };

  it('the forms of the settings page save a profile, and say what will not do', async () => {
    const anna = await world.given.user();
    const good = await post(anna, '/settings/profile', {
      displayName: 'Anna',
      locale: 'de',
      timeZone: 'Europe/Vienna',
    });
    expect([good.statusCode, good.headers.location]).toEqual([303, '/settings?saved=profile#profile']);
    const bad = await post(anna, '/settings/profile', {
      displayName: 'Anna',
      locale: 'de',
      timeZone: 'Middle/Earth',
    });
    expect([bad.statusCode, bad.body.includes('Wählen Sie eine Zeitzone wie')]).toEqual([422, true]);
  });

  it('the forms of the settings page need the form’s own token where a browser names no origin', async () => {
    const anna = await world.given.user();
    const headers = {
      cookie: `tf_session=${anna.token}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
    };
    const { body } = await world.app.inject({ url: '/settings', headers });
    const token = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
    const send = (csrf: string) =>
      world.app.inject({
        method: 'POST',
        url: '/settings/profile',
        headers,
        payload: new URLSearchParams({
          _csrf: csrf,
          displayName: '',
          locale: 'en',
          timeZone: 'UTC',
        }).toString(),
      });
    expect((await send(`${token}x`)).statusCode).toBe(403);
    expect((await send(token)).statusCode).toBe(303);
  });

  it('the forms of the settings page change the address after proof of the new one', async () => {
    const anna = await world.given.user();
    const asked = await post(anna, '/settings/email', { email: 'anna-new@example.org' });
    expect(asked.statusCode).toBe(200);
    const challengeId = challengeIn(asked.body);
    const wrong = await post(anna, '/settings/email/confirm', { challengeId, code: '000000' });
    expect([wrong.statusCode, challengeIn(wrong.body)]).toEqual([422, challengeId]);
    const done = await post(anna, '/settings/email/confirm', {
      challengeId,
      code: await codeFor(challengeId),
    });
    expect(done.headers.location).toBe('/settings?saved=email#email');
    expect(
      await world.see.count(`auth."user" WHERE id = $1 AND email = 'anna-new@example.org'`, [anna.id]),
    ).toBe(1);
  });

  it('the forms of the settings page erase an account after a fresh code, and leave the credit of others alone', async () => {
    const { given, see, when, sql } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await when.pays(bert);
    await sql.query(`UPDATE billing.subscription SET cancel_at_period_end = true WHERE user_id = $1`, [
      bert.id,
    ]);
    const asked = await post(bert, '/settings/erase', {});
    const challengeId = challengeIn(asked.body);
    const done = await post(bert, '/settings/erase/confirm', {
      challengeId,
      code: await codeFor(challengeId),
    });
    expect([done.statusCode, done.headers.location]).toEqual([303, '/']);
    expect(
      await see.count(`auth."user" WHERE id = $1 AND email IS NULL AND erased_at IS NOT NULL`, [bert.id]),
    ).toBe(1);
    expect(await see.creditDaysOf(anna)).toBe(45);
    expect(await see.discrepancies()).toEqual([]);
    // the address comes back as a new person, and is not rewarded again
    const again = await given.user({ email: bert.email, ref: await given.referralCodeOf(anna) });
    expect(again.id).not.toBe(bert.id);
    expect(await see.count(`referral.referral WHERE referred_id = $1`, [again.id])).toBe(0);
  });

  it('the forms of the settings page do not erase an account that a subscription still charges', async () => {
    const bert = await world.given.user();
    await world.given.linkCustomer(bert);
    await world.when.pays(bert);
    const { body } = await world.app.inject({
      url: '/settings',
      headers: { cookie: `tf_session=${bert.token}` },
    });
    expect(body).toContain('You still have an active subscription');
    const answer = await world.app.inject({
      method: 'DELETE',
      url: '/api/v1/me',
      headers: bearer(bert),
      payload: await world.given.challenge(bert.email),
    });
    expect(answer.json()).toMatchObject({ status: 409, code: 'auth.still_charged' });
    expect(await world.see.count(`auth."user" WHERE id = $1 AND erased_at IS NULL`, [bert.id])).toBe(1);
  });
});
