import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferralCodes } from '../../src/referral/codes/referral-codes.js';
import { bearer } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { event, invoice, monthSeconds } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/**
 * What an earlier version of this programme got wrong. `npm run mutants` takes each fix out again
 * and shows that the test of its name turns red.
 */
describe('regressions', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('20 friends who pay at once all count for their referrer', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    const payments = [];
    for (let n = 0; n < 20; n++) {
      const friend = await given.user({ ref: code });
      await given.linkCustomer(friend);
      payments.push(when.invoicePaid(friend));
    }
    const answers = await when.stripeSendsAtOnce(payments);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await see.creditDaysOf(anna)).toBe(20 * 45);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('one payment under 16 event ids at once converts once', async () => {
    const { given, see, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    const paid = invoice(bert.payer, when.seconds);
    await when.stripeSendsAtOnce(Array.from({ length: 16 }, () => event('invoice.paid', paid, when.seconds)));
    expect(await see.count(`referral.conversion WHERE referred_id = $1`, [bert.id])).toBe(1);
    expect(await see.creditDaysOf(anna)).toBe(45);
  });

  it('requesting a code with a referral link writes no user and no referral', async () => {
    const { app, given, see, runHandlers } = world;
    const ref = await given.referralCodeOf(await given.user());
    const before = [await see.count('auth."user"'), await see.count('referral.referral')];
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'victim@example.org', ref },
    });
    expect(answer.statusCode).toBe(202);
    await runHandlers();
    expect([await see.count('auth."user"'), await see.count('referral.referral')]).toEqual(before);
    // the owner of the address comes later, by another link: that one counts
    const carl = await given.user();
    const victim = await given.user({ email: 'victim@example.org', ref: await given.referralCodeOf(carl) });
    expect(
      await see.count(`referral.referral WHERE referred_id = $1 AND referrer_id = $2`, [victim.id, carl.id]),
    ).toBe(1);
  });

  it('an issued code is never replaced by a concurrent request', async () => {
    const { app, database, given, see } = world;
    const anna = await given.user();
    const codes = app.get(ReferralCodes, { strict: false });
    // reads pass, writes wait
    const held = await holdLock(world.sql, 'LOCK TABLE referral.code IN EXCLUSIVE MODE');
    const assigning = Array.from({ length: 10 }, () =>
      database.transaction((tx) => codes.assignIfMissing(tx, anna.id)),
    );
    await held.untilBlocked(10);
    await held.release();
    const assigned = await Promise.all(assigning);
    expect(new Set(assigned)).toEqual(new Set([await given.referralCodeOf(anna)]));
    expect(await see.count(`referral.code WHERE user_id = $1`, [anna.id])).toBe(1);
  });

  it('credit that runs during a subscription shows how much of it is extra time', async () => {
    const { app, clock, given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await when.pays(bert);
    const credit = async (person: typeof anna) =>
      (await app.inject({ url: '/api/v1/credit', headers: bearer(person) })).json<{
        daysLeft: number;
        usefulDays: number;
      }>();
    expect(await credit(anna)).toMatchObject({ daysLeft: 45, usefulDays: 45 });
    expect(await credit(bert)).toMatchObject({ daysLeft: 45, usefulDays: 45 - monthSeconds / 86_400 });
    clock.advance(20 * 86_400_000);
    expect(await credit(bert)).toMatchObject({ daysLeft: 25, usefulDays: 15 });
  });

  it('a new address verified twice at once is one user, linked once', async () => {
    const { app, given, see } = world;
    const ref = await given.referralCodeOf(await given.user());
    for (let round = 0; round < 5; round++) {
      const email = `twice-${round}@example.org`;
      const first = await given.challenge(email, ref);
      const second = await given.challenge(email, ref);
      const answers = await Promise.all(
        [first, second].map((payload) =>
          app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload }),
        ),
      );
      expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201]);
      expect(new Set(answers.map((answer) => answer.json<{ user: { id: string } }>().user.id)).size).toBe(1);
      expect(
        await see.count(`referral.referral r JOIN auth."user" u ON u.id = r.referred_id WHERE u.email = $1`, [
          email,
        ]),
      ).toBe(1);
    }
  });

  it('a payment delivered five times leaves the audit rows of one', async () => {
    const { given, see, when } = world;
    const bert = await given.user();
    await given.linkCustomer(bert);
    const paid = invoice(bert.payer, when.seconds);
    const told = event('invoice.paid', paid, when.seconds);
    await when.stripeSends(told);
    const after = await see.count('platform.audit');
    for (const again of [
      told,
      told,
      event('invoice.payment_succeeded', paid, when.seconds),
      event('invoice.paid', paid, when.seconds),
    ])
      await when.stripeSends(again);
    expect(await see.count('platform.audit')).toBe(after);
  });
});
