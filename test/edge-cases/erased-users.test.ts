import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOperations, type AccountOperations } from '../accounts/account-operations.js';
import { subscriptionEndedEvent } from '../accounts/refund-events.js';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

/** The fraud rules are off: what is remembered of erased people must be enough by itself. */
let world: World;
let operations: AccountOperations;
beforeAll(async () => {
  world = await createWorld();
  operations = accountOperations(world);
  await world.sql.query(`UPDATE referral.fraud_rule SET mode = 'off'`);
});
afterAll(() => world.close());

async function rewardedAndErased(email: string, movedTo?: string): Promise<void> {
  const person = await world.given.user({
    email,
    ref: await world.given.referralCodeOf(await world.given.user()),
  });
  await world.when.pays(person);
  if (movedTo !== undefined) await changeEmail(person, movedTo);
  await world.when.stripeSends(subscriptionEndedEvent(person, world.when.seconds));
  await operations.erase(movedTo === undefined ? person : { ...person, email: movedTo });
}

async function changeEmail(person: Person, to: string): Promise<void> {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/me/email',
    headers: bearer(person),
    payload: await world.given.challenge(to),
  });
  expect(answer.statusCode).toBe(200);
}

async function daysEarnedBy(email: string): Promise<number> {
  const referrer = await world.given.user();
  await world.when.pays(await world.given.user({ email, ref: await world.given.referralCodeOf(referrer) }));
  return world.see.creditDaysOf(referrer);
}

const choose = (person: Person, code: string) =>
  world.app.inject({
    method: 'PUT',
    url: '/api/v1/referral/code',
    headers: bearer(person),
    payload: { code },
  });

describe('a person who was rewarded and erased', () => {
  it.each([
    ['with a tag', 'nora@example.org', 'nora+again@example.org'],
    ['with dots', 'odapaul@gmail.com', 'oda.paul@gmail.com'],
    ['under another name of the provider', 'petra@googlemail.com', 'petra+1@gmail.com'],
    ['with an international domain', 'quin@bücher.example', 'quin+2@xn--bcher-kva.example'],
  ])(
    'a person who was rewarded and erased is not new when the same mailbox comes back %s',
    async (_how, first, again) => {
      await rewardedAndErased(first);
      expect(await daysEarnedBy(again)).toBe(0);
    },
  );

  it('a person who was rewarded and erased is not new under an address that they had before they changed it', async () => {
    await rewardedAndErased('rosa@example.org', 'rosa@elsewhere.example');
    expect(await daysEarnedBy('rosa+new@example.org')).toBe(0);
    expect(await daysEarnedBy('rosa@elsewhere.example')).toBe(0);
    expect(await world.see.count('auth.former_mailbox')).toBe(0);
  });
});

describe('a code that an erased person had chosen', () => {
  it('a code that an erased person had chosen stays taken, in any spelling, however long ago, and is stored nowhere', async () => {
    const { given, see, clock } = world;
    const sven = await given.user();
    expect((await choose(sven, 'sven-1987')).statusCode).toBe(200);
    await operations.erase(sven);
    const other = await given.user();
    for (let year = 0; year < 2; year++) {
      for (const code of ['SVEN-1987', 'sven1987', 'Sven-19-87']) {
        const answer = await choose(other, code);
        expect([code, answer.statusCode, answer.json()]).toMatchObject([
          code,
          409,
          { code: 'referral.code_taken' },
        ]);
      }
      clock.advance(400 * 86_400_000);
      other.token = (await given.user({ email: other.email })).token;
    }
    expect(await see.count(`referral.code WHERE code LIKE 'SVEN%'`)).toBe(0);
    expect((await choose(other, 'sven-1988')).statusCode).toBe(200);
  });

  it('a code that an erased person had chosen is free at no moment of the erasure', async () => {
    const { given, sql } = world;
    const [tara, other] = [await given.user(), await given.user()];
    expect((await choose(tara, 'tara-tara')).statusCode).toBe(200);
    const holder = await sql.connect();
    try {
      await holder.query('BEGIN');
      // the erasure stops here, with the code deleted and nothing committed
      await holder.query(`SELECT pg_advisory_xact_lock(471)`);
      await sql.query(`
        CREATE FUNCTION public.stop_here() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(471); RETURN NEW; END $$;
        CREATE TRIGGER stop_here BEFORE INSERT ON referral.erased_code FOR EACH ROW EXECUTE FUNCTION public.stop_here()`);
      const erasing = operations.erase(tara);
      await oneWaits();
      expect((await choose(other, 'tara-tara')).statusCode).toBe(409);
      await holder.query('COMMIT');
      await erasing;
      expect((await choose(other, 'tara-tara')).statusCode).toBe(409);
    } finally {
      holder.release();
      await sql.query(`DROP TRIGGER stop_here ON referral.erased_code; DROP FUNCTION public.stop_here()`);
    }
  });

  async function oneWaits(): Promise<void> {
    const waits = `pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await world.see.count(waits)) === 0);
  }
});

describe('the captured emails of local mode', () => {
  it.each([
    ['a name of one letter', 'e@a.example', 'e'],
    ['an address that is a part of theirs', 'e@mailbox.example', null],
  ])(
    'the captured emails of local mode to others stay when a person with %s is erased',
    async (_what, email, displayName) => {
      const { given, sql, app } = world;
      const [inviter, stranger] = [await given.user({ email: `anna.${email}` }), await given.user()];
      const erased = await given.user({ email, ref: await given.referralCodeOf(inviter) });
      await app.inject({
        method: 'PUT',
        url: '/api/v1/me',
        headers: bearer(erased),
        payload: { displayName },
      });
      await world.runHandlers();
      // an email to another person whose text holds the address as a part of a longer one
      await sql.query(
        `UPDATE notifications.captured_email SET text_part = text_part || recipient WHERE recipient = $1`,
        [inviter.email],
      );
      const captured = async (person: Person) => {
        const { rows } = await sql.query<{ id: string }>(
          `SELECT id FROM notifications.captured_email WHERE recipient = $1 ORDER BY id`,
          [person.email],
        );
        return rows.map(({ id }) => id);
      };
      const ofOthers = async () => [await captured(inviter), await captured(stranger)];
      const before = await ofOthers();
      expect(before.map((ids) => ids.length)).toEqual([2, 1]);
      await operations.erase(erased);
      await world.runHandlers();
      expect(await captured(erased)).toEqual([]);
      expect(await ofOthers()).toEqual(before);
    },
  );
});
