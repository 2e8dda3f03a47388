import { afterAll, beforeAll, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/index.js';
import { createWorld, type World } from '../support/world.js';
import { accountOperations, type AccountOperations } from './account-operations.js';
import { refundEvents } from './refund-events.js';

/**
 * Merges, their undoing and erasing, at the same moment as everything that may happen to the same
 * accounts.
 */
let world: World;
let accounts: AccountOperations;
const rounds = 8;
beforeAll(async () => {
  world = await createWorld();
  accounts = accountOperations(world);
});
afterAll(() => world.close());

/**
 * Whatever fails must say so in our words: a deadlock that was not restarted would be reported by
 * PostgreSQL.
 */
async function concurrently(...operations: Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(operations);
  for (const one of settled)
    if (one.status === 'rejected')
      expect((one.reason as { code?: string }).code).toMatch(/^(accounts|billing|request)\./);
}

it('a first payment is rewarded once, whether it came before or after the merge of either side', async () => {
  const { given, when, see } = world;
  for (let round = 0; round < rounds; round++) {
    const [anna, twin, bertTwin] = [await given.user(), await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    const paid = when.invoicePaid(bert);
    await concurrently(
      accounts.merge(anna, twin),
      when.stripeSends(paid),
      accounts.merge(bert, bertTwin),
      when.stripeSends({ ...paid, id: `${paid.id}again`, type: 'invoice.payment_succeeded' }),
    );
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 45]);
    expect([await see.creditDaysOf(bert), await see.creditDaysOf(bertTwin)]).toEqual([0, 45]);
    expect([await see.tierOf(bert), await see.tierOf(bertTwin)]).toEqual(['free', 'paid']);
  }
  expect(await see.discrepancies()).toEqual([]);
});

it('a refund takes the days wherever a merge, or its undoing, has them at that moment', async () => {
  const { given, when, see } = world;
  for (let round = 0; round < rounds; round++) {
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    const paid = when.invoicePaid(bert);
    await when.stripeSends(paid);
    const { refunded, failed } = refundEvents(paid, when.seconds);
    await concurrently(accounts.merge(anna, twin), ...refunded.map((sent) => when.stripeSends(sent)));
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 0]);
    await concurrently(accounts.undo(await accounts.merge(anna, twin)), when.stripeSends(failed));
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([45, 0]);
  }
  expect(await see.discrepancies()).toEqual([]);
});

it('a reward whose hold ends arrives once, with the person who its owner is by then', async () => {
  const { given, when, see } = world;
  await given.terms({ hold_days: 14 });
  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();
  for (let round = 0; round < rounds; round++) {
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    await when.pays(bert);
    world.clock.advance(15 * 86_400_000);
    await concurrently(accounts.merge(anna, twin), release(), release());
    await release();
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 45]);
    expect(await see.creditDaysOf(bert)).toBe(45);
  }
  await given.terms({});
  expect(await see.discrepancies()).toEqual([]);
});

it('no one is signed in to an account that was merged, and the person who follows its link is brought by the one that stays', async () => {
  const { given, when, see } = world;
  for (let round = 0; round < rounds; round++) {
    const [anna, twin] = [await given.user(), await given.user()];
    const code = await given.referralCodeOf(anna);
    const bert = given.user({ ref: code });
    const again = given.user({ email: anna.email });
    await Promise.all([accounts.merge(anna, twin), bert, again]);
    expect(await see.count('auth.session WHERE user_id = $1', [anna.id])).toBe(0);
    await when.pays(await bert);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 45]);
  }
  expect(await see.discrepancies()).toEqual([]);
});

it('merging twice at once is one merge, and both ways round at once is at most one', async () => {
  const { given, see } = world;
  for (let round = 0; round < rounds; round++) {
    const [anna, twin, third] = [await given.user(), await given.user(), await given.user()];
    const [one, other] = await Promise.all([accounts.merge(anna, twin), accounts.merge(anna, twin)]);
    expect(one.id).toBe(other.id);
    await accounts.undo(one);
    await concurrently(accounts.merge(anna, twin), accounts.merge(twin, anna), accounts.merge(twin, third));
    const ids = [[anna.id, twin.id, third.id]];
    expect(await see.count('platform.merged_account WHERE from_id = into_id')).toBe(0);
    expect(
      await see.count(
        'platform.merged_account a JOIN platform.merged_account b ON a.into_id = b.from_id WHERE a.from_id = ANY($1)',
        ids,
      ),
    ).toBe(0);
  }
});

it('erasing at once with a merge, a payment or a refund leaves the ledger whole and the person gone', async () => {
  const { given, when, see } = world;
  for (let round = 0; round < rounds; round++) {
    const [anna, twin] = [await given.user(), await given.user()];
    const bert = await given.userInvitedBy(anna);
    const paid = when.invoicePaid(bert);
    await concurrently(accounts.erase(twin), accounts.merge(anna, twin), when.stripeSends(paid));
    await concurrently(
      accounts.erase(anna),
      ...refundEvents(paid, when.seconds).refunded.map((sent) => when.stripeSends(sent)),
    );
    expect(await see.creditDaysOf(bert)).toBe(0);
    expect(await see.count('auth."user" WHERE email = ANY($1)', [[anna.email, twin.email]])).toBe(0);
    expect(await see.count('auth.session WHERE user_id = ANY($1)', [[anna.id, twin.id]])).toBe(0);
  }
  expect(await see.discrepancies()).toEqual([]);
});
