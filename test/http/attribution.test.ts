import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

describe('attribution', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const call = (who: Person, method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) =>
    world.app.inject({
      method,
      url: `/api/v1/referral/${path}`,
      headers: bearer(who),
      ...(payload === undefined ? {} : { payload }),
    });
  const claim = (who: Person, code: string) => call(who, 'POST', 'claim', { code });
  const change = (who: Person, code?: string) => call(who, 'PUT', 'code', code === undefined ? {} : { code });
  const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;
  const valid = async (code: string) =>
    (await world.app.inject({ url: `/api/v1/referral/codes/${encodeURIComponent(code)}` })).json<{
      valid: boolean;
    }>().valid;

  describe('by a late claim', () => {
    it('attribution by a late claim counts within its days and before the first payment', async () => {
      const [anna, bert] = [await world.given.user(), await world.given.user()];
      expect((await claim(bert, await world.given.referralCodeOf(anna))).statusCode).toBe(201);
      await world.when.pays(bert);
      expect(await world.see.creditDaysOf(anna)).toBe(45);
      expect(await world.see.count(`referral.referral WHERE origin = 'claim'`)).toBe(1);
    });

    it('attribution by a late claim is refused after a payment, too late, for oneself, for no one, and twice', async () => {
      const anna = await world.given.user();
      const code = await world.given.referralCodeOf(anna);
      const [payer, late, twice] = [
        await world.given.user(),
        await world.given.user(),
        await world.given.user(),
      ];
      await world.when.pays(payer);
      expect(codeOf(await claim(payer, code))).toBe('referral.claim_after_payment');
      expect(codeOf(await claim(anna, code))).toBe('referral.own_code');
      expect(codeOf(await claim(twice, 'NOBODYHA'))).toBe('referral.code_unknown');
      expect((await claim(twice, code)).statusCode).toBe(201);
      expect(codeOf(await claim(twice, code))).toBe('referral.already_linked');
      world.clock.advance(14 * dayMs + 1);
      expect(codeOf(await claim(late, code))).toBe('referral.claim_too_late');
      const byStaff = { code, reason: 'wrote us by mail' };
      expect((await staff.api('POST', `users/${late.id}/referrer`, staff.support, byStaff)).statusCode).toBe(
        403,
      );
      expect((await staff.api('POST', `users/${late.id}/referrer`, staff.admin, byStaff)).statusCode).toBe(
        201,
      );
      expect((await staff.api('POST', `users/${payer.id}/referrer`, staff.admin, byStaff)).statusCode).toBe(
        409,
      );
      const unknown = await staff.api('POST', `users/${randomUUID()}/referrer`, staff.admin, byStaff);
      expect(unknown.statusCode).toBe(404);
    });

    it('attribution by a late claim comes before a payment at the same moment, or after it, never between', async () => {
      for (let round = 0; round < 10; round++) {
        const [anna, bert] = [await world.given.user(), await world.given.user()];
        const code = await world.given.referralCodeOf(anna);
        const claims = Array.from({ length: 4 }, () => claim(bert, code));
        const [paid, ...answers] = await Promise.all([world.when.pays(bert), ...claims]);
        expect(paid.status).toBe(200);
        const linked = answers.filter(({ statusCode }) => statusCode === 201).length;
        expect(linked).toBeLessThanOrEqual(1);
        expect(await world.see.creditDaysOf(anna)).toBe(45 * linked);
      }
    });
  });

  describe('by a code of one’s own', () => {
    it('attribution by a code of one’s own works however it is typed, and the one before works for ninety days more', async () => {
      const anna = await world.given.user();
      const old = await world.given.referralCodeOf(anna);
      expect(codeOf(await change(anna, 'anna-codes'))).toBe('ANNA-CODES');
      expect([await valid('Anna-Codes'), await valid(old)]).toEqual([true, true]);
      const friend = await world.given.user({ ref: 'anna-codes' });
      await world.when.pays(friend);
      expect(await world.see.creditDaysOf(anna)).toBe(45);
      const { items } = (await call(anna, 'GET', 'codes')).json<{ items: object[] }>();
      expect(items).toMatchObject([
        { code: 'ANNA-CODES', kind: 'vanity', current: true },
        { code: old, kind: 'random', current: false },
      ]);
      const bert = await world.given.user();
      expect((await change(bert, old)).statusCode).toBe(409);
      expect(codeOf(await change(anna, old))).toBe(old);
      world.clock.advance(91 * dayMs);
      expect([await valid(old), await valid('anna-codes')]).toEqual([true, false]);
    });

    it('attribution by a code of one’s own is refused when it is a person’s, could be taken for it, is reserved, offends or has no shape', async () => {
      const [anna, bert] = [await world.given.user(), await world.given.user()];
      const theirs = await world.given.referralCodeOf(bert);
      const mistaken = `${theirs.slice(0, 4)}-${theirs.slice(4)}`;
      expect(codeOf(await change(anna, theirs))).toBe('referral.code_taken');
      expect(codeOf(await change(anna, mistaken))).toBe('referral.code_taken');
      expect(codeOf(await change(anna, 'admin'))).toBe('referral.code_refused');
      expect(codeOf(await change(anna, 'fuckoff'))).toBe('referral.code_refused');
      expect((await change(anna, 'a')).statusCode).toBe(422);
      expect(await valid(await world.given.referralCodeOf(anna))).toBe(true);
    });

    it('attribution by a code of one’s own goes to one of many who want it at once', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, () => world.given.user()));
      const answers = await Promise.all(people.map((own) => change(own, 'wanted')));
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
        200,
        ...Array<number>(7).fill(409),
      ]);
    });

    it('attribution by a code of one’s own can be changed five times a day', async () => {
      const anna = await world.given.user();
      const statuses = [];
      for (let index = 0; index < 6; index++) statuses.push((await change(anna)).statusCode);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    });

    it('attribution by a code of one’s own can be stopped by staff in any spelling', async () => {
      staff = await createStaff(world);
      const anna = await world.given.user();
      expect((await change(anna, 'stop-here')).statusCode).toBe(200);
      const reason = { reason: 'on a coupon site' };
      const stop = await staff.api('POST', 'codes/stophere/block', staff.admin, reason);
      expect([stop.statusCode, await valid('STOP-HERE')]).toEqual([204, false]);
    });

    it('attribution by a code of one’s own can be stopped by staff at once, and let work again', async () => {
      staff = await createStaff(world);
      const anna = await world.given.user();
      const code = await world.given.referralCodeOf(anna);
      const reason = { reason: 'on a coupon site' };
      expect((await staff.api('POST', `codes/${code}/block`, staff.admin, reason)).statusCode).toBe(204);
      expect(await valid(code)).toBe(false);
      await staff.api('POST', `codes/${code}/unblock`, staff.admin, reason);
      expect(await valid(code)).toBe(true);
    });
  });

  describe('by a link that was followed', () => {
    const follow = (path: string, cookie?: string, agent = 'Mozilla/5.0 Firefox/140') =>
      world.app.inject({
        url: path,
        headers: { accept: 'text/html', 'user-agent': agent, ...(cookie === undefined ? {} : { cookie }) },
      });
    const cookieOf = (answer: { cookies: { name: string; value: string }[] }) => {
      const own = answer.cookies.find(({ name }) => name === 'tf_ref');
      return own === undefined ? undefined : `tf_ref=${encodeURIComponent(own.value)}`;
    };

    /** Signs up in a browser with this cookie; answers whom it was linked to. */
    async function signUp(cookie: string | undefined): Promise<string | null> {
      const email = `${Math.random().toString(36).slice(2)}@example.org`;
      const asked = await world.app.inject({
        method: 'POST',
        url: '/api/v1/auth/challenges',
        payload: { email },
        headers: cookie === undefined ? {} : { cookie },
      });
      await world.runHandlers();
      const { challengeId } = asked.json<{ challengeId: string }>();
      const { rows } = await world.sql.query<{ text_part: string }>(
        `SELECT text_part FROM notifications.captured_email WHERE id = $1`,
        [`sign-in-code:${challengeId}`],
      );
      const code = /^\d{6}$/m.exec(rows[0]?.text_part ?? '')?.[0];
      await world.app.inject({
        method: 'POST',
        url: '/api/v1/auth/sessions',
        payload: { challengeId, code },
      });
      const linked = await world.sql.query<{ referrer_id: string; campaign: unknown }>(
        `SELECT r.referrer_id, r.campaign FROM referral.referral r JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = $1`,
        [email],
      );
      return linked.rows[0]?.referrer_id ?? null;
    }

    it('attribution by a link that was followed keeps the campaign and the page, counts the visit, and shows both to the person who shared it', async () => {
      const anna = await world.given.user();
      const code = await world.given.referralCodeOf(anna);
      const home = await follow(`/?ref=${code}&utm_source=newsletter&utm_campaign=may`);
      await follow(`/?ref=${code}`, undefined, 'Googlebot/2.1');
      expect(await signUp(cookieOf(home))).toBe(anna.id);
      expect(
        await world.see.count(
          `referral.referral WHERE referrer_id = $1 AND campaign = '{"landing": "/", "source": "newsletter", "campaign": "may"}'`,
          [anna.id],
        ),
      ).toBe(1);
      await world.runHandlers();
      expect((await call(anna, 'GET', 'stats')).json()).toMatchObject({
        clicks: 1,
        signUps: 1,
        conversions: 0,
        sources: [{ source: 'newsletter', signUps: 1 }],
      });
    });

    it('attribution by a link that was followed counts the last one, or the first, as the terms say, and only within their window', async () => {
      const [anna, bert] = [await world.given.user(), await world.given.user()];
      const [first, second] = [
        await world.given.referralCodeOf(anna),
        await world.given.referralCodeOf(bert),
      ];
      const both = async () => {
        const one = cookieOf(await follow(`/login?ref=${first}`));
        return cookieOf(await follow(`/login?ref=${second}`, one)) ?? one;
      };
      expect(await signUp(await both())).toBe(bert.id);
      await world.given.terms({ attribution: 'first_touch', attribution_days: 7 });
      expect(await signUp(await both())).toBe(anna.id);
      const kept = cookieOf(await follow(`/pricing?ref=${first}`));
      world.clock.advance(7 * dayMs);
      expect(await signUp(kept)).toBe(null);
      expect(await signUp(`tf_ref=${encodeURIComponent('forged.AAAA')}`)).toBe(null);
    });
  });
});
