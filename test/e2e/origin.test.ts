import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAlphabet, generateCode, normaliseCode } from '../../src/referral/codes/referral-code.js';
import { CodeGenerator, ReferralCodes } from '../../src/referral/codes/referral-codes.js';
import { ReferralLinking } from '../../src/referral/attribution/referral-linking.js';
import { ReferralService } from '../../src/referral/referral.service.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

/** The behaviour that this product began with, row by row. */
describe('the original rules', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  describe('a new user and their referral', () => {
    it('sign-up records the referrer once, and never links a user again', async () => {
      const { given, see, sql } = world;
      const anna = await given.user();
      const carl = await given.user();
      const bert = await given.userInvitedBy(anna);
      expect(
        await see.count(`referral.referral WHERE referred_id = $1 AND referrer_id = $2`, [bert.id, anna.id]),
      ).toBe(1);
      await given.user({ email: bert.email, ref: await given.referralCodeOf(carl) });
      const { rows } = await sql.query(`SELECT referrer_id FROM referral.referral WHERE referred_id = $1`, [
        bert.id,
      ]);
      expect(rows).toEqual([{ referrer_id: anna.id }]);
    });

    it('linking changes nothing the second time, or to oneself', async () => {
      const { app, database, given, see } = world;
      const linking = app.get(ReferralLinking, { strict: false });
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      const link = (referredId: string, code: string) =>
        database.transaction((tx) =>
          linking.link(tx, {
            code,
            referredId,
            label: 'b•••',
            emailHashes: [],
            domainClass: 'unfamiliar' as const,
          }),
        );
      const code = await given.referralCodeOf(anna);
      expect(await link(bert.id, code)).toBeNull();
      expect(await link(anna.id, code)).toBeNull();
      expect(await see.count(`referral.referral WHERE referred_id = ANY($1)`, [[anna.id, bert.id]])).toBe(1);
    });
  });

  describe('random codes', () => {
    it('a code has eight characters of an alphabet of 31 without lookalikes', () => {
      expect(codeAlphabet).toHaveLength(31);
      expect(codeAlphabet).not.toMatch(/[01OIL]/);
      const codes = Array.from({ length: 2_000 }, generateCode);
      expect(new Set(codes).size).toBe(codes.length);
      for (const code of codes) expect(code).toMatch(/^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$/);
      const seen = new Set(codes.join(''));
      expect(seen.size).toBe(31);
    });
  });

  describe('pasted codes', () => {
    it.each([
      [' abcd-efgh ', 'ABCDEFGH'],
      ['ab cd\tef\ngh', 'ABCDEFGH'],
      ['a0b1cIdLeOfgh', 'ABCDEFGH'],
      ['ABCDEFG', null],
      ['ABCDEFGHJ', null],
      ['', null],
      ['ÄBCDEFGH', null],
    ])('reads %j as %j', (text, code) => {
      expect(normaliseCode(text)).toBe(code);
    });
  });

  describe('one code per user', () => {
    it('the code of a concurrent request is kept', async () => {
      const { app, database, given, see } = world;
      const { id } = await given.user();
      const codes = app.get(ReferralCodes, { strict: false });
      const assigned = await Promise.all(
        Array.from({ length: 8 }, () => database.transaction((tx) => codes.assignIfMissing(tx, id))),
      );
      expect(new Set(assigned).size).toBe(1);
      expect(await see.count(`referral.code WHERE user_id = $1`, [id])).toBe(1);
    });

    it('a taken code is replaced up to eight times, then the request fails', async () => {
      const { app, database, given } = world;
      const taken = await given.referralCodeOf(await given.user());
      const { id } = await given.user();
      const source = app.get(CodeGenerator, { strict: false });
      const assign = () =>
        database.transaction((tx) => app.get(ReferralCodes, { strict: false }).assignIfMissing(tx, id));
      const next = source.generate;
      let asked = 0;
      try {
        source.generate = () => (asked++, taken);
        await expect(assign()).rejects.toMatchObject({ code: 'referral.codes_exhausted' });
        expect(asked).toBe(8);
        source.generate = () => (++asked < 12 ? taken : 'ZZZZ9999');
        expect(await assign()).toBe('ZZZZ9999');
      } finally {
        source.generate = next;
      }
    });

    it('a code for a deleted user fails with an error', async () => {
      const { app, database } = world;
      const codes = app.get(ReferralCodes, { strict: false });
      const assign = database.transaction((tx) =>
        codes.assignIfMissing(tx, '01890000-0000-7000-8000-000000000000'),
      );
      await expect(assign).rejects.toMatchObject({ code: 'referral.user_gone' });
    });
  });

  it('a normalised code finds its referrer, an unknown code none', async () => {
    const { app, database, given } = world;
    const anna = await given.user();
    const code = await given.referralCodeOf(anna);
    const codes = app.get(ReferralCodes, { strict: false });
    expect(await codes.findByText(database, ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toEqual({
      code,
      userId: anna.id,
    });
    expect(await codes.findByText(database, 'ZZZZZZZZ')).toBeNull();
    expect(await codes.findByText(database, 'nonsense!')).toBeNull();
  });

  describe('a conversion', () => {
    it('a conversion credits both sides 45 days, and leaves an existing conversion unchanged', async () => {
      const { app, clock, database, given, see, sql } = world;
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      const referrals = app.get(ReferralService, { strict: false });
      const payment = { invoiceId: stripeId('in'), paidAt: clock.now(), reasons: [], flags: [] };
      await sql.query(
        `WITH paid AS (UPDATE billing.account SET first_paid_at = $3 WHERE user_id = $2)
         INSERT INTO billing.invoice (id, user_id, customer_id, subscription_id, amount_paid, currency, paid_at, recorded_at)
         VALUES ($1, $2, '', '', 1000, 'usd', $3, $3)`,
        [payment.invoiceId, bert.id, payment.paidAt],
      );
      const convert = () =>
        database.transaction(async (tx) => {
          const { conversion } = await referrals.convert(tx, bert.id, () => Promise.resolve(payment));
          return conversion;
        });
      const first = await convert();
      expect(first).toMatchObject({
        isNew: true,
        referrerId: anna.id,
        convertedAt: clock.now(),
        creditedAt: clock.now(),
      });
      clock.advance(1_000);
      expect(await convert()).toEqual({ ...first, isNew: false });
      expect(await see.creditDaysOf(anna)).toBeCloseTo(45, 3);
      expect(await see.creditDaysOf(bert)).toBeCloseTo(45, 3);
    });

    it('a direct sign-up has no conversion', async () => {
      const { given, see, when } = world;
      const carl = await given.user();
      await given.linkCustomer(carl);
      expect(await when.pays(carl)).toEqual({ status: 200, outcome: 'applied', detail: 'first_payment' });
      expect(await see.creditDaysOf(carl)).toBe(0);
      expect(await see.tierOf(carl)).toBe('paid');
    });
  });

  it('automatic and manual credit add up, and never shorten each other', async () => {
    const { app, database, given, see, when } = world;
    const credit = app.get(CreditService, { strict: false });
    const anna = await given.user();
    for (let friends = 1; friends <= 2; friends++) {
      const friend = await given.userInvitedBy(anna);
      await given.linkCustomer(friend);
      await when.pays(friend);
      expect(await see.creditDaysOf(anna)).toBe(45 * friends);
    }
    await database.transaction((tx) =>
      credit.grantManually(
        tx,
        { userId: anna.id, days: 10 },
        { reason: 'thanks', actor: { kind: 'operator' } },
      ),
    );
    expect(await see.creditDaysOf(anna)).toBe(100);
  });

  describe('the credit of the buyer', () => {
    it('a buyer gets credit even when the referrer is erased', async () => {
      const { given, see, sql, when } = world;
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      await given.linkCustomer(bert);
      await sql.query(`DELETE FROM auth."user" WHERE id = $1`, [anna.id]);
      expect(await when.pays(bert)).toMatchObject({ status: 200, detail: 'converted' });
      expect(await see.creditDaysOf(bert)).toBe(45);
    });

    it('a person on both sides gets credit once', async () => {
      const { given, see, sql, when } = world;
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      await given.linkCustomer(bert);
      await sql.query(
        `UPDATE referral.referral SET referrer_id = referred_id, origin = 'merge' WHERE referred_id = $1`,
        [bert.id],
      );
      expect(await when.pays(bert)).toMatchObject({ status: 200, detail: 'converted' });
      expect(await see.creditDaysOf(bert)).toBe(45);
      expect(
        await see.count(
          `referral.conversion c JOIN referral.reward_status s ON s.conversion_id = c.id WHERE referred_id = $1 AND credited_at IS NOT NULL`,
          [bert.id],
        ),
      ).toBe(1);
    });
  });

  it('a failure in the middle rolls back tier, audit, conversion and credit together', async () => {
    const { given, see, sql, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    const payment = when.invoicePaid(bert);
    await sql.query(
      `CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the database stumbles'; END $$`,
    );
    await sql.query(
      `CREATE TRIGGER stumbles AFTER INSERT ON credit.entry FOR EACH ROW EXECUTE FUNCTION stumble()`,
    );
    expect((await when.stripeSends(payment)).status).toBe(500);
    await sql.query(`DROP TRIGGER stumbles ON credit.entry`);

    expect(await see.tierOf(bert)).toBe('free');
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([0, 0]);
    expect(
      await see.count(
        `platform.audit WHERE subject_id = $1 AND action IN ('billing.tier_changed', 'referral.converted')`,
        [bert.id],
      ),
    ).toBe(0);
    expect(await see.count(`billing.invoice WHERE user_id = $1`, [bert.id])).toBe(0);

    expect(await when.stripeSends(payment)).toMatchObject({ status: 200, detail: 'converted' });
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([45, 45]);
    expect(
      await see.count(`platform.audit WHERE subject_id = $1 AND action = 'billing.tier_changed'`, [bert.id]),
    ).toBe(1);
  });

  it('a renewal does not look up a referral', async () => {
    const { clock, given, see, sql, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await given.linkCustomer(bert);
    await when.pays(bert);
    clock.advance(86_400_000);
    const renewal = event(
      'invoice.paid',
      invoice(bert.payer, when.seconds, { billing_reason: 'subscription_cycle' }),
      when.seconds,
    );
    await sql.query(`ALTER TABLE referral.referral RENAME TO out_of_sight`);
    const answered = await when.stripeSends(renewal);
    await sql.query(`ALTER TABLE referral.out_of_sight RENAME TO referral`);
    expect(answered).toEqual({ status: 200, outcome: 'applied', detail: 'renewal' });
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(bert)]).toEqual([44, 44]);
  });

  describe('replayed payments', () => {
    it('a replayed payment changes nothing', async () => {
      const { given, see, when } = world;
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      await given.linkCustomer(bert);
      const payment = when.invoicePaid(bert);
      expect(await when.stripeSends(payment)).toMatchObject({ outcome: 'applied', detail: 'converted' });
      const written = await see.count('platform.audit');
      expect(await when.stripeSends(payment)).toMatchObject({ status: 200, outcome: 'duplicate' });
      expect(await see.creditDaysOf(anna)).toBe(45);
      expect(await see.creditDaysOf(bert)).toBe(45);
      expect(await see.count('platform.audit')).toBe(written);
    });

    it('the ledger matches its history after all of it', async () => {
      expect(await world.see.discrepancies()).toEqual([]);
    });
  });
});
