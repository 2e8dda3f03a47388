import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { accountOperations } from '../accounts/account-operations.js';
import { bearer, type Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const someone = () => randomBytes(6).toString('hex');
const change = async (person: Person, to: string) =>
  world.app.inject({
    method: 'POST',
    url: '/api/v1/me/email',
    headers: bearer(person),
    payload: await world.given.challenge(to),
  });
const daysOf = (people: Person[]) => Promise.all(people.map((person) => world.see.creditDaysOf(person)));
const review = async (referred: Person) => {
  const { rows } = await world.sql.query<{ outcome: string }>(
    `SELECT v.outcome FROM referral.review v JOIN referral.referral r ON r.id = v.referral_id WHERE r.referred_id = $1`,
    [referred.id],
  );
  return rows[0]?.outcome ?? 'allow';
};

describe('a change of address', () => {
  it('a change of address to the mailbox of the referrer takes the reward of both sides back, in the same transaction', async () => {
    const { given, when, see } = world;
    const anna = await given.user({ email: `${someone()}@example.org` });
    const bert = await given.userInvitedBy(anna);
    await when.pays(bert);
    expect(await daysOf([anna, bert])).toEqual([45, 45]);
    expect((await change(bert, anna.email.replace('@', '+b@'))).statusCode).toBe(200);
    expect(await daysOf([anna, bert])).toEqual([0, 0]);
    expect(await review(bert)).toBe('reject');
    expect(await see.discrepancies()).toEqual([]);
  });

  it('a change of address of the referrer to the mailbox of a referred user takes that reward back, and those of other referred users stay', async () => {
    const { given, when, see } = world;
    const anna = await given.user();
    const [bert, cleo] = [await given.userInvitedBy(anna), await given.userInvitedBy(anna)];
    for (const friend of [bert, cleo]) await when.pays(friend);
    expect(await daysOf([anna, bert, cleo])).toEqual([90, 45, 45]);
    expect((await change(anna, bert.email.replace('@', '+a@'))).statusCode).toBe(200);
    expect(await daysOf([anna, bert, cleo])).toEqual([45, 0, 45]);
    expect(await see.discrepancies()).toEqual([]);
  });

  it('a change of address before the first payment is known when the friend pays', async () => {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await change(bert, anna.email.replace('@', '+c@'));
    await when.pays(bert);
    expect(await daysOf([anna, bert])).toEqual([0, 0]);
  });

  it('a change of address of a merged account counts for the person, on either side', async () => {
    const { given, when } = world;
    const life = accountOperations(world);
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(twin);
    await when.pays(bert);
    await life.merge(twin, anna);
    await change(anna, bert.email.replace('@', '+m@'));
    expect(await review(bert)).toBe('reject');
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('a change of address to a mailbox that no one else has takes nothing', async () => {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await when.pays(bert);
    for (const person of [anna, bert])
      expect((await change(person, `${someone()}@example.org`)).statusCode).toBe(200);
    expect(await daysOf([anna, bert])).toEqual([45, 45]);
  });

  it('a change of address that is refused leaves no mailbox behind', async () => {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    await when.pays(bert);
    const before = await world.see.count('referral.signal');
    expect((await change(bert, anna.email)).statusCode).toBe(409);
    expect(await daysOf([anna, bert])).toEqual([45, 45]);
    expect(await world.see.count('referral.signal')).toBe(before);
  });

  it('a change of address beside the payment of the same person ends the same, in either order', async () => {
    const { given, when, see } = world;
    for (let round = 0; round < 5; round++) {
      const anna = await given.user();
      const bert = await given.userInvitedBy(anna);
      const given2 = await given.challenge(anna.email.replace('@', '+d@'));
      const [changed] = await Promise.all([
        world.app.inject({
          method: 'POST',
          url: '/api/v1/me/email',
          headers: bearer(bert),
          payload: given2,
        }),
        when.pays(bert),
      ]);
      expect(changed.statusCode).toBe(200);
      expect(await daysOf([anna, bert])).toEqual([0, 0]);
    }
    expect(await see.discrepancies()).toEqual([]);
  });

  it('a change of address asked for twice at once is made once, and each former address is remembered', async () => {
    const anna = await world.given.user();
    const proofs = [
      await world.given.challenge(`${someone()}@example.org`),
      await world.given.challenge(`${someone()}@example.org`),
    ];
    const held = await holdLock(world.sql, `SELECT 1 FROM auth."user" WHERE id = $1 FOR UPDATE`, [anna.id]);
    const answers = proofs.map((payload) =>
      world.app.inject({ method: 'POST', url: '/api/v1/me/email', headers: bearer(anna), payload }),
    );
    await held.untilBlocked(2);
    await held.release();
    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([200, 403]);
    expect(await world.see.count(`auth.former_mailbox WHERE user_id = $1`, [anna.id])).toBe(1);
  });

  it('a change of address that waits behind an erasure writes nothing and emails neither address', async () => {
    const anna = await world.given.user();
    const payload = await world.given.challenge(anna.email.replace('@', '+x@'));
    const held = await holdLock(
      world.sql,
      `UPDATE auth."user" SET erased_at = now(), email = NULL WHERE id = $1`,
      [anna.id],
    );
    const answer = world.app.inject({
      method: 'POST',
      url: '/api/v1/me/email',
      headers: bearer(anna),
      payload,
    });
    await held.untilBlocked();
    await held.commit();
    expect((await answer).statusCode).toBe(403);
    expect(await world.runHandlers()).toBe(0);
  });
});
