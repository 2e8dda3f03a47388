import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AccountMergeService } from '../../src/accounts/index.js';
import type { Person } from '../support/given.js';
import { untilConnectionsBlocked } from '../support/held-lock.js';
import { createWorld, type World } from '../support/world.js';

/**
 * What begins while a merge is being committed waits for it, and then finds the account that stays.
 */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(async () => expect(await world.see.discrepancies()).toEqual([]));
afterAll(() => world.close());

/**
 * Begins `deed` when everything about a merge is written but nothing committed, and commits once
 * `deed` waits for that.
 */
async function duringMerge<T>([anna, twin]: [Person, Person], operation: () => Promise<T>): Promise<T> {
  const merges = world.app.get(AccountMergeService, { strict: false });
  const pair = { fromUserId: anna.id, intoUserId: twin.id };
  const { begun } = await world.database.transaction(async (tx) => {
    await merges.merge(tx, pair, { reason: 'one person', actor: { kind: 'operator' } });
    const begun = operation();
    await untilConnectionsBlocked(world.sql);
    return { begun };
  });
  return begun;
}

const createTwoUsers = async (): Promise<[Person, Person]> => [
  await world.given.user(),
  await world.given.user(),
];

it('a sign-in with the address of the account that ends', async () => {
  const [anna, twin] = await createTwoUsers();
  const { challengeId, code } = await world.given.challenge(anna.email);
  const answer = await duringMerge([anna, twin], async () =>
    world.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: { challengeId, code } }),
  );
  expect(answer.json<{ user: { id: string } }>().user.id).toBe(twin.id);
});

it('a new user who follows the link of the account that ends', async () => {
  const [anna, twin] = await createTwoUsers();
  const ref = await world.given.referralCodeOf(anna);
  const { challengeId, code } = await world.given.challenge('follower@example.org', ref);
  await duringMerge([anna, twin], async () =>
    world.app.inject({ method: 'POST', url: '/api/v1/auth/sessions', payload: { challengeId, code } }),
  );
  expect(await world.see.count('referral.referral WHERE referrer_id = $1', [twin.id])).toBe(1);
});

it('a payment by a customer of the account that ends', async () => {
  const [anna, twin] = await createTwoUsers();
  await world.given.linkCustomer(anna);
  expect(await duringMerge([anna, twin], () => world.when.pays(anna))).toMatchObject({ outcome: 'applied' });
  expect(await world.see.count('billing.invoice WHERE user_id = $1', [twin.id])).toBe(1);
  expect([await world.see.tierOf(anna), await world.see.tierOf(twin)]).toEqual(['free', 'paid']);
});

it('a payment by a customer who is known only by what we wrote at Stripe', async () => {
  const [anna, twin] = await createTwoUsers();
  expect(await duringMerge([anna, twin], () => world.when.pays(anna))).toMatchObject({ outcome: 'applied' });
  expect(await world.see.count('billing.customer WHERE user_id = $1', [twin.id])).toBe(1);
  expect([await world.see.tierOf(anna), await world.see.tierOf(twin)]).toEqual(['free', 'paid']);
});

it('a first payment of a person whom the account that ends invited', async () => {
  const [anna, twin] = await createTwoUsers();
  const bert = await world.given.userInvitedBy(anna);
  await duringMerge([anna, twin], () => world.when.pays(bert));
  expect([await world.see.creditDaysOf(anna), await world.see.creditDaysOf(twin)]).toEqual([0, 45]);
});

it('another merge of either', async () => {
  const [[anna, twin], third] = [await createTwoUsers(), await world.given.user()];
  const merges = world.app.get(AccountMergeService, { strict: false });
  const next = { fromUserId: twin.id, intoUserId: third.id };
  const decision = { reason: 'one person', actor: { kind: 'operator' as const } };
  await duringMerge([anna, twin], () => world.database.transaction((tx) => merges.merge(tx, next, decision)));
  expect(await world.see.count('platform.merged_account WHERE into_id = $1', [third.id])).toBe(2);
});
