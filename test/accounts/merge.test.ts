import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { refundEvents, subscriptionEndedEvent } from './refund-events.js';
import { createWorld, type World } from '../support/world.js';
import { accountOperations, type AccountOperations } from './account-operations.js';

/**
 * Two accounts that turn out to be one person's: what moves, what stays, and how it is taken back.
 */
let world: World;
let accounts: AccountOperations;
beforeAll(async () => {
  world = await createWorld();
  accounts = accountOperations(world);
});
afterEach(async () => expect(await world.see.discrepancies()).toEqual([]));
afterAll(() => world.close());

const fetchMe = async (token: string) =>
  (await world.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } })).json<
    Record<string, unknown>
  >();

describe('credit', () => {
  it('credit moves as far as it is left, and comes back', async () => {
    const { given, when, see } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    await when.pays(await given.userInvitedBy(anna));
    await when.pays(await given.userInvitedBy(twin));
    world.clock.advance(5 * 86_400_000);
    const merge = await accounts.merge(anna, twin);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 80]);
    world.clock.advance(10 * 86_400_000);
    await accounts.undo(merge);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([40, 30]);
  });

  it('credit is taken where it is by now when a reward is reversed, and given back there', async () => {
    const { given, when, see } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    const paid = when.invoicePaid(bert);
    await when.stripeSends(paid);
    const merge = await accounts.merge(anna, twin);
    const { refunded, failed } = refundEvents(paid, when.seconds);
    for (const sent of refunded) await when.stripeSends(sent);
    expect([
      await see.creditDaysOf(anna),
      await see.creditDaysOf(twin),
      await see.creditDaysOf(bert),
    ]).toEqual([0, 0, 0]);
    await accounts.undo(merge);
    await when.stripeSends(failed);
    expect([
      await see.creditDaysOf(anna),
      await see.creditDaysOf(twin),
      await see.creditDaysOf(bert),
    ]).toEqual([45, 0, 45]);
  });

  it('credit of an invitation that converts after the merge goes to the account that stays', async () => {
    const { given, when, see } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    const code = await given.referralCodeOf(anna);
    await accounts.merge(anna, twin);
    const carl = await given.user({ ref: code });
    await when.pays(bert);
    await when.pays(carl);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 90]);
    const answer = await world.app.inject({ url: '/api/v1/referral', headers: bearer(twin) });
    expect(answer.json()).toMatchObject({ counts: { invited: 2, converted: 2 }, activeCredits: 2 });
  });
});

describe('sign-in', () => {
  it('sign-in with either address opens the account that stays, and the person who was signed in to the other is signed out', async () => {
    const { given } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    const merge = await accounts.merge(anna, twin);
    expect((await world.app.inject({ url: '/api/v1/me', headers: bearer(anna) })).statusCode).toBe(401);
    const again = await given.user({ email: anna.email });
    expect(again.id).toBe(twin.id);
    expect(await fetchMe(again.token)).toMatchObject({ id: twin.id, email: twin.email });
    await accounts.undo(merge);
    expect((await given.user({ email: anna.email })).id).toBe(anna.id);
  });
});

describe('Stripe', () => {
  it('Stripe finds the account that stays by the customers of the other, and its tier follows', async () => {
    const { given, when, see } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    await when.pays(anna);
    const merge = await accounts.merge(anna, twin);
    expect([await see.tierOf(anna), await see.tierOf(twin)]).toEqual(['free', 'paid']);
    world.clock.advance(86_400_000);
    expect(await when.pays(anna)).toMatchObject({ status: 200, detail: 'renewal' });
    expect(await see.count('billing.invoice WHERE user_id = $1', [twin.id])).toBe(1);
    await accounts.undo(merge);
    expect([await see.tierOf(anna), await see.tierOf(twin)]).toEqual(['paid', 'free']);
    expect(await see.count('billing.invoice WHERE user_id = $1', [anna.id])).toBe(2);
  });
});

describe('the invitations of merged accounts', () => {
  const pair = async (): Promise<[Person, Person]> => [await world.given.user(), await world.given.user()];

  it('the invitation of the closed account stays while neither account has paid', async () => {
    const { given, when, see } = world;
    const [anna] = await pair();
    const [bert, twin] = [await given.userInvitedBy(anna), await given.user()];
    await accounts.merge(bert, twin);
    await when.pays(twin);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([45, 45]);
  });

  it('the second invitation does not count once the first has converted', async () => {
    const { given, when, see } = world;
    const [anna, carla] = await pair();
    const [bert, twin] = [await given.userInvitedBy(anna), await given.userInvitedBy(carla)];
    await when.pays(bert);
    await accounts.merge(bert, twin);
    await when.pays(twin);
    expect([
      await see.creditDaysOf(anna),
      await see.creditDaysOf(carla),
      await see.creditDaysOf(twin),
    ]).toEqual([45, 0, 45]);
  });

  it('both rewards stay when both invitations had converted', async () => {
    const { given, when, see } = world;
    const [anna, carla] = await pair();
    const [bert, twin] = [await given.userInvitedBy(anna), await given.userInvitedBy(carla)];
    await when.pays(bert);
    await when.pays(twin);
    await expect(accounts.merge(bert, twin)).rejects.toThrow('Cancel one of them first.');
    await when.stripeSends(subscriptionEndedEvent(bert, when.seconds));
    await accounts.merge(bert, twin);
    expect(await see.creditDaysOf(twin)).toBe(90);
  });

  it('a person is never rewarded for their own invitation', async () => {
    const { given, when, see } = world;
    const anna = await given.user();
    const twin = await given.userInvitedBy(anna);
    const merge = await accounts.merge(twin, anna);
    await when.pays(anna);
    expect(await see.creditDaysOf(anna)).toBe(0);
    expect(
      await see.count(
        'referral.conversion c JOIN referral.referral r ON r.id = c.referral_id WHERE r.referrer_id = $1',
        [anna.id],
      ),
    ).toBe(0);
    await accounts.undo(merge);
    await when.pays(twin);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([45, 45]);
  });
});
