import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations } from '../accounts/account-operations.js';
import { bearer, type Person } from '../support/given.js';
import { dispute, invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { event } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** What the programme says about itself, and what it does. */
describe('a code', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const choose = (person: Person, code: string | null) =>
    world.app.inject({
      method: 'PUT',
      url: '/api/v1/referral/code',
      headers: bearer(person),
      payload: { code },
    });
  const look = async (code: string) =>
    (await world.app.inject({ url: `/api/v1/referral/codes/${code}` })).json<{
      valid: boolean;
      code: string;
    }>();

  it('a code belongs to one person in all its spellings, also when many want it at once', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => world.given.user()));
    const spellings = ['KAI-C83', 'KAIC83', 'kai-c-83', 'K-A-I-C83'];
    const answers = await Promise.all(people.map((person, index) => choose(person, spellings[index] ?? '')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409]);
    const found = await Promise.all(spellings.map((spelling) => look(spelling)));
    expect(new Set(found.map(({ code }) => code)).size).toBe(1);
    expect(found.every(({ valid }) => valid)).toBe(true);
  });

  it('a code that was made cannot be taken with hyphens, nor one that was chosen be made', async () => {
    const [anna, bert] = [await world.given.user(), await world.given.user()];
    const made = await world.given.referralCodeOf(anna);
    expect((await choose(bert, `${made.slice(0, 4)}-${made.slice(4)}`)).statusCode).toBe(409);
  });

  it('a code is one’s own in any spelling: choosing it changes nothing, and it can be taken up again', async () => {
    const kim = await world.given.user();
    const made = await world.given.referralCodeOf(kim);
    const chosen = async (code: string | null) => {
      const answer = await choose(kim, code);
      return [answer.statusCode, answer.json<{ code: string }>().code];
    };
    const history = async () =>
      (await world.app.inject({ url: '/api/v1/referral/codes', headers: bearer(kim) }))
        .json<{ items: { code: string; current: boolean }[] }>()
        .items.map(({ code, current }) => `${code} ${current}`);
    expect(await chosen(`${made.slice(0, 4)}-${made.slice(4).toLowerCase()}`)).toEqual([200, made]);
    expect(await chosen('KIM-C83')).toEqual([200, 'KIM-C83']);
    for (const spelling of ['kimc83', 'K-I-M-C83', 'kim-c83'])
      expect(await chosen(spelling)).toEqual([200, 'KIM-C83']);
    expect(await history()).toEqual(['KIM-C83 true', `${made} false`]);
    expect(await chosen(`${made.slice(0, 2)}-${made.slice(2)}`)).toEqual([200, made]);
    expect(await chosen('kimc83')).toEqual([200, 'KIM-C83']);
    expect(await history()).toEqual(['KIM-C83 true', `${made} false`]);
    // what changes nothing is no change of the five that a day allows
    expect(
      await world.see.count(`platform.audit WHERE subject_id = $1 AND action = 'referral.code_changed'`, [
        kim.id,
      ]),
    ).toBe(3);
    const claimed = await world.app.inject({
      method: 'POST',
      url: '/api/v1/referral/claim',
      headers: bearer(kim),
      payload: { code: 'kimc83' },
    });
    expect(claimed.json()).toMatchObject({ code: 'referral.own_code' });
  });

  it.each(['given up', 'blocked', 'erased'])(
    'a code stays taken in all its spellings once it is %s',
    async (how) => {
      const [anna, bert] = [await world.given.user(), await world.given.user()];
      const code = `gone-${how.slice(0, 5).replace(' ', '-')}`;
      expect((await choose(anna, code)).statusCode).toBe(200);
      if (how === 'given up') await choose(anna, null);
      if (how === 'blocked')
        await world.sql.query(`UPDATE referral.code SET blocked_at = now() WHERE code = $1`, [
          code.toUpperCase(),
        ]);
      if (how === 'erased') await accountOperations(world).erase(anna);
      expect((await choose(bert, code.replaceAll('-', ''))).statusCode).toBe(409);
      expect((await choose(bert, code)).statusCode).toBe(409);
    },
  );

  it('a code that two people had before works for both as it is written, and otherwise for the older one', async () => {
    const [older, newer] = [await world.given.user(), await world.given.user()];
    await world.sql.query(
      `INSERT INTO referral.code (code, kind, user_id, created_at, retired_at, works_until, is_ambiguous)
       SELECT t.code, 'vanity', t.id, $3, $3, $3::timestamptz + interval '9 days', t.late
       FROM (VALUES ('TWI-NS', $1::uuid, false), ('TWINS', $2::uuid, true)) AS t(code, id, late)`,
      [older.id, newer.id, world.clock.now()],
    );
    expect((await look('TWINS')).code).toBe('TWINS');
    expect((await look('twi-ns')).code).toBe('TWI-NS');
    expect((await look('T-WINS')).code).toBe('TWI-NS');
  });
});

describe('a programme that is paused', () => {
  let world: World;
  afterEach(() => world.close());

  it('a programme that is paused promises nothing by a code, in an overview or in words to share, and keeps what was promised', async () => {
    world = await createWorld();
    const [anna, config] = [await world.given.user(), world.config];
    const [code, friend] = [await world.given.referralCodeOf(anna), await world.given.userInvitedBy(anna)];
    config.programme = 'paused';
    const [looked, overview] = await Promise.all([
      world.app.inject({ url: `/api/v1/referral/codes/${code}` }),
      world.app.inject({ url: '/api/v1/referral', headers: bearer(anna) }),
    ]);
    expect(looked.json()).toMatchObject({ valid: true, code, creditDays: 0 });
    expect(overview.json()).toMatchObject({ creditDays: 0, friendCreditDays: 0 });
    const page = await world.app.inject({ url: '/invite', headers: bearer(anna) });
    expect(page.body).toContain('The programme is paused');
    // only of the friend who was invited before
    expect(page.body.match(/\w+ \w+ 45 days/g)).toEqual(['You get 45 days']);
    expect((await world.when.pays(friend)).detail).toBe('converted');
    expect(await world.see.creditDaysOf(anna)).toBe(45);
  });
});

describe('terms with a least amount', () => {
  let world: World;
  afterEach(() => world.close());

  it('terms with a least amount compare each payment by itself, so that a renewal that is enough converts, and say so', async () => {
    world = await createWorld();
    const { given, when, see } = world;
    await given.terms({ minimum_amounts: { eur: 1000 } });
    const anna = await given.user();
    const friend = await given.userInvitedBy(anna);
    await given.linkCustomer(friend);
    const pay = (amount: number) =>
      when.stripeSends(
        when.invoicePaid(friend, { amount_paid: amount, total: amount, amount_due: amount, currency: 'eur' }),
      );
    const firstPayment = async () => {
      const answer = await world.app.inject({
        url: '/api/v1/referral/invitation/explain',
        headers: bearer(friend),
      });
      return answer
        .json<{ rules: { rule: string; result: string; explanation: string }[] }>()
        .rules.find(({ rule }) => rule === 'first_payment');
    };
    await pay(600);
    expect(await firstPayment()).toMatchObject({
      result: 'missing',
      explanation: expect.stringContaining('even if it is a renewal'),
    });
    await pay(600); // 12.00 together, and neither is enough
    expect(await see.creditDaysOf(anna)).toBe(0);
    expect((await pay(1000)).detail).toBe('converted');
    expect(await firstPayment()).toMatchObject({
      result: 'met',
      explanation: expect.stringContaining('enough under these terms'),
    });
    const page = await world.app.inject({ url: '/settings', headers: bearer(anna) });
    expect(page.body).toContain('The first payment of at least €10.00 counts.');
  });
});

describe('the K factor', () => {
  let world: World;
  afterEach(() => world.close());

  it('the K factor counts as paying everybody who made a first payment that counts, whatever became of it, and people once', async () => {
    world = await createWorld();
    const { given, when, app, sql, clock } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    const states = ['pending', 'rejected', 'granted', 'refunded', 'disputed', 'held', 'refused'] as const;
    const admin = await given.user({ role: 'admin' });
    const reject = async (friend: Person) => {
      const { rows } = await sql.query<{ id: string }>(
        `SELECT id FROM referral.referral WHERE referred_id = $1`,
        [friend.id],
      );
      const url = `/api/v1/admin/referrals/${rows[0]?.id}/reject`;
      await app.inject({ method: 'POST', url, headers: bearer(admin), payload: { reason: 'a test' } });
    };
    for (const [index, state] of states.entries()) {
      if (state === 'held') await given.terms({ hold_days: 30 });
      const friend = await given.userInvitedBy(index % 2 === 0 ? anna : twin);
      if (state === 'rejected' || state === 'refused') await reject(friend);
      if (state === 'pending' || state === 'rejected') continue;
      const paid = when.invoicePaid(friend);
      expect((await when.stripeSends(paid)).detail).toBe('converted');
      const payment = paymentFor(String((paid.data.object as unknown as { id: string }).id));
      if (state === 'refunded' || state === 'disputed')
        await when.stripeSends(
          event('invoice_payment.paid', invoicePayment(payment, when.seconds), when.seconds),
        );
      if (state === 'refunded')
        await when.stripeSends(event('refund.created', refund(payment, when.seconds), when.seconds));
      if (state === 'disputed')
        await when.stripeSends(event('charge.dispute.created', dispute(payment, when.seconds), when.seconds));
    }
    await accountOperations(world).merge(anna, twin);
    clock.advance(60_000);
    const { rows } = await sql.query<{ state: string }>(
      `SELECT DISTINCT state FROM referral.reward_status ORDER BY 1`,
    );
    expect(rows.map(({ state }) => state)).toEqual(['granted', 'held', 'reversed', 'suspended']);
    const answer = await app.inject({
      url: '/api/v1/admin/stats?from=2026-11-01&to=2026-11-08',
      headers: bearer(admin),
    });
    const people = states.length + 2; // the friends, the admin, and one person who had two accounts
    expect(answer.json<{ kFactor: unknown; funnel: unknown }>()).toMatchObject({
      kFactor: { joined: people, invited: 7, invitedPaying: 5, value: 7 / people, paying: 5 / people },
      funnel: { invited: 7, paid: 5 },
    });
  });
});
