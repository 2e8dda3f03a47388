import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreditLedger } from '../../src/credit/ledger/credit-ledger.js';
import { FraudRepository } from '../../src/referral/fraud/fraud.repository.js';
import { RebuildService } from '../../src/integrity/rebuild.service.js';
import { accountOperations, type AccountOperations } from '../accounts/account-operations.js';
import { refundEvents } from '../accounts/refund-events.js';
import type { Person } from '../support/given.js';
import { holdLock, untilBlockedBy } from '../support/held-lock.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const byId = (one: Person, other: Person) => (one.id < other.id ? -1 : 1); // the order of locks

/** Whatever the programme limits for each person is counted over all their accounts. */
describe('two accounts that turn out to be one person', () => {
  let world: World;
  let operations: AccountOperations;
  let anna: Person;
  let twin: Person;
  beforeEach(async () => {
    world = await createWorld();
    operations = accountOperations(world);
    [anna, twin] = [await world.given.user(), await world.given.user()].sort(byId) as [Person, Person];
  });
  afterEach(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const pays = async (friend: Person) =>
    expect(await world.when.pays(friend)).toMatchObject({ status: 200, detail: 'converted' });
  const milestones = () =>
    world.sql
      .query<{ ordinal: number; is_granted: boolean }>(
        `SELECT ordinal, is_granted FROM referral.milestone ORDER BY 1, 2`,
      )
      .then(({ rows }) =>
        rows.map(({ ordinal, is_granted }) => `${ordinal} ${is_granted ? 'stands' : 'fell'}`),
      );

  it('two accounts that turn out to be one person share one cap: a friend of each pays, and one place is taken', async () => {
    const { given, see } = world;
    await given.terms({ cap_conversions: 1, cap_window_days: 30 });
    const [first, second] = [await given.userInvitedBy(anna), await given.userInvitedBy(twin)];
    await pays(first);
    await operations.merge(anna, twin);
    await pays(second);
    expect(await see.creditDaysOf(twin)).toBe(45);
    expect([await see.creditDaysOf(first), await see.creditDaysOf(second)]).toEqual([45, 45]);
  });

  it('two accounts that turn out to be one person share one cap also for invitations of the account that ended', async () => {
    const { given, see } = world;
    await given.terms({ cap_conversions: 1 });
    const [first, second] = [await given.userInvitedBy(anna), await given.userInvitedBy(twin)];
    await operations.merge(anna, twin);
    await pays(second);
    await pays(first);
    expect(await see.creditDaysOf(twin)).toBe(45);
  });

  it('two accounts that turn out to be one person have a cap each again once the merge is undone', async () => {
    const { given, see } = world;
    await given.terms({ cap_conversions: 1 });
    const friends = [await given.userInvitedBy(anna), await given.userInvitedBy(twin)];
    const merge = await operations.merge(anna, twin);
    await pays(friends[0] as Person);
    await operations.undo(merge);
    await pays(friends[1] as Person);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([45, 45]);
  });

  it('two accounts that turn out to be one person take no more places than the cap has when friends of both pay at the same moment', async () => {
    const { given, see, when } = world;
    await given.terms({ cap_conversions: 3 });
    const [annas, twins] = [await given.referralCodeOf(anna), await given.referralCodeOf(twin)];
    const friends: Person[] = [];
    for (let index = 0; index < 12; index++)
      friends.push(await given.user({ ref: index % 2 ? annas : twins }));
    await operations.merge(anna, twin);
    await when.stripeSendsAtOnce(friends.map((friend) => when.invoicePaid(friend)));
    expect(await see.creditDaysOf(twin)).toBe(3 * 45);
  });

  it('two accounts that turn out to be one person share one cap when they become one while a payment waits for the account of one of them', async () => {
    const { given, see, sql, when, clock } = world;
    await pays(await given.userInvitedBy(twin)); // before there was a cap
    const version = await given.terms({ cap_conversions: 1 });
    const friend = await given.userInvitedBy(anna);
    const [merge, other] = [await sql.connect(), await sql.connect()];
    const pidOf = async (client: typeof merge): Promise<number> =>
      (await client.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`)).rows[0]?.pid ?? 0;
    const lock = `SELECT 1 FROM credit.account WHERE user_id = $1 FOR NO KEY UPDATE`;
    await other.query('BEGIN');
    await other.query(lock, [twin.id]);
    await other.query(
      `INSERT INTO referral.reward_reservation (conversion_id, referrer_id, terms_version, uses_cap, reserved_ms, reserved_at)
       SELECT id, $1, $2, true, 0, $3 FROM referral.conversion`,
      [twin.id, version, clock.now()],
    );
    await merge.query('BEGIN');
    await merge.query(lock, [anna.id]);
    const paid = when.pays(friend);
    await untilBlockedBy(sql, await pidOf(merge));
    await merge.query(`INSERT INTO platform.merged_account (from_id, into_id) VALUES ($1, $2)`, [
      anna.id,
      twin.id,
    ]);
    await merge.query('COMMIT');
    await untilBlockedBy(sql, await pidOf(other));
    await other.query('COMMIT');
    expect((await paid).detail).toBe('converted');
    merge.release();
    other.release();
    expect(await see.count(`referral.reward_status WHERE capped`)).toBe(1);
    expect(await see.creditDaysOf(twin)).toBe(45);
  });

  it('two accounts that turn out to be one person reach a milestone together', async () => {
    const { given, see } = world;
    await given.terms({ milestone_every: 2, milestone_days: 10 });
    const [first, second] = [await given.userInvitedBy(anna), await given.userInvitedBy(twin)];
    await pays(first);
    await operations.merge(anna, twin);
    await pays(second);
    expect(await milestones()).toEqual(['2 stands']);
    expect(await see.creditDaysOf(twin)).toBe(2 * 45 + 10);
  });

  it('two accounts that turn out to be one person keep as many milestones as the invitations of both are enough for', async () => {
    const { given, see, when } = world;
    await given.terms({ milestone_every: 2, milestone_days: 10 });
    const paid: StripeEvent[] = [];
    for (const one of [anna, anna, anna, twin, twin, twin]) {
      const payment = when.invoicePaid(await given.userInvitedBy(one));
      await when.stripeSends(payment);
      paid.push(payment);
    }
    const refunds = paid.slice(0, 3).map((payment) => refundEvents(payment, when.seconds));
    const merge = await operations.merge(anna, twin);
    const standingAfter = async (events: StripeEvent[]) => {
      for (const sent of events) await when.stripeSends(sent);
      return milestones();
    };
    expect(await standingAfter([])).toEqual(['2 stands', '2 stands']);
    expect(await standingAfter(refunds.slice(0, 2).flatMap(({ refunded }) => refunded))).toEqual([
      '2 stands',
      '2 stands',
    ]);
    expect(await standingAfter(refunds[2]?.refunded ?? [])).toEqual(['2 fell', '2 stands']);
    expect(await see.creditDaysOf(twin)).toBe(3 * 45 + 10);
    await operations.undo(merge);
    expect([await see.creditDaysOf(anna), await see.creditDaysOf(twin)]).toEqual([0, 3 * 45 + 10]);
  });

  it('two accounts that turn out to be one person get a milestone back by `rebuild` that an older release took, counting one of the accounts alone', async () => {
    const { given, when, see, sql, app, database } = world;
    await given.terms({ milestone_every: 2, milestone_days: 10 });
    const refunded = when.invoicePaid(await given.userInvitedBy(anna));
    await when.stripeSends(refunded);
    for (const one of [anna, twin]) await pays(await given.userInvitedBy(one));
    await operations.merge(anna, twin);
    for (const sent of refundEvents(refunded, when.seconds).refunded) await when.stripeSends(sent);
    const { rows } = await sql.query<{ entry_id: string }>(`SELECT entry_id FROM referral.milestone`);
    const { id } = await database.transaction((tx) =>
      app.get(CreditLedger, { strict: false }).reverseOrRestoreGrant(tx, rows[0]?.entry_id ?? '', 'reversal'),
    );
    await sql.query(`UPDATE referral.milestone SET is_granted = false, reserved_ms = 0, last_entry_id = $1`, [
      id,
    ]);
    expect(await see.discrepancies()).toEqual(['milestone 2 is reversed with 2 granted invitations']);

    const rebuilt = async (dryRun: boolean) => {
      const findings: unknown[] = [];
      for await (const finding of app.get(RebuildService, { strict: false }).run({ dryRun }))
        findings.push(finding);
      return findings;
    };
    const finding = {
      userId: twin.id,
      of: 'milestones',
      from: { milestones: null },
      to: { milestones: '2' },
    };
    expect(await rebuilt(true)).toEqual([finding]);
    expect(await milestones()).toEqual(['2 fell']);
    expect(await rebuilt(false)).toEqual([finding]);
    expect(await milestones()).toEqual(['2 stands']);
    expect(await see.creditDaysOf(twin)).toBe(2 * 45 + 10);
    expect(
      await see.count(`platform.audit WHERE action = 'referral.rebuilt' AND subject_id = '${twin.id}'`),
    ).toBe(1);
    expect(await rebuilt(false)).toEqual([]);
  });

  it('two accounts that turn out to be one person have both accounts locked, in one order, before a budget and before a milestone of either falls', async () => {
    const { given, when, sql, see } = world;
    const version = await given.terms({ milestone_every: 2, milestone_days: 10, budget_days: 1_000 });
    const payments: StripeEvent[] = [];
    for (const one of [anna, anna, twin]) payments.push(when.invoicePaid(await given.userInvitedBy(one)));
    for (const payment of payments.slice(0, 2)) await when.stripeSends(payment);
    await operations.merge(anna, twin);
    await when.stripeSends(payments[2] as StripeEvent);
    const [first = [], , last = []] = payments.map((paid) => refundEvents(paid, when.seconds).refunded);
    for (const sent of first) await when.stripeSends(sent);
    expect(await milestones()).toEqual(['2 stands']);

    const held = await holdLock(sql, `SELECT 1 FROM credit.account WHERE user_id = $1 FOR UPDATE`, [anna.id]);
    const refunded = (async () => {
      for (const sent of last) await when.stripeSends(sent);
    })();
    await held.untilBlocked();
    const isFree = [
      await held.canLockRows(`SELECT 1 FROM credit.account WHERE user_id = $1`, [twin.id]),
      await held.canLockRows(`SELECT 1 FROM referral.budget WHERE terms_version = $1`, [version]),
    ];
    await held.release();
    await refunded;
    expect(isFree).toEqual([true, true]);
    expect(await milestones()).toEqual(['2 fell']);
    expect(await see.creditDaysOf(twin)).toBe(45);
  });

  it('two accounts that turn out to be one person count as one for the rule about many sign-ups in a short time', async () => {
    const { given, sql, app, database } = world;
    await given.userInvitedBy(anna);
    world.clock.advance(1_000);
    await given.userInvitedBy(twin);
    world.clock.advance(1_000);
    await operations.merge(anna, twin);
    const friend = await given.userInvitedBy(twin);
    const { rows } = await sql.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = $1`,
      [friend.id],
    );
    const repository = app.get(FraudRepository, { strict: false });
    expect(await repository.loadRuleInput(database, rows[0]?.id ?? '')).toMatchObject({
      signUpsLastHour: 3,
      signUpsLastDay: 3,
    });
  });
});

describe('a milestone', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const refund = async (paid: StripeEvent) => {
    for (const sent of refundEvents(paid, world.when.seconds).refunded) await world.when.stripeSends(sent);
  };

  it('a milestone that another payment reaches at this moment falls with an invitation under terms without milestones', async () => {
    const { given, when, see, sql } = world;
    const anna = await given.user();
    const before = when.invoicePaid(await given.userInvitedBy(anna));
    await when.stripeSends(before);
    await given.terms({ milestone_every: 2, milestone_days: 10 });
    const friend = await given.userInvitedBy(anna);

    const held = await holdLock(sql, `SELECT 1 FROM credit.account WHERE user_id = $1 FOR UPDATE`, [anna.id]);
    const paid = when.pays(friend);
    await held.untilBlocked(1);
    const refunded = refund(before);
    await held.untilBlocked(2);
    await held.release();
    expect((await paid).detail).toBe('converted');
    await refunded;
    expect(await see.count(`referral.milestone WHERE NOT is_granted`)).toBe(1);
    expect(await see.creditDaysOf(anna)).toBe(45);
  });

  it('a milestone that a merge brings while a payment is on its way comes back with that payment', async () => {
    const { given, when, see, sql } = world;
    const [anna, twin] = [await given.user(), await given.user()];
    await given.terms({ milestone_every: 2, milestone_days: 10 });
    const payments = [
      when.invoicePaid(await given.userInvitedBy(twin)),
      when.invoicePaid(await given.userInvitedBy(twin)),
    ];
    for (const paid of payments) await when.stripeSends(paid);
    await refund(payments[0] as StripeEvent);
    await given.terms({});
    const friend = await given.userInvitedBy(anna);

    const held = await holdLock(sql, 'LOCK TABLE referral.conversion IN SHARE MODE');
    const paid = when.pays(friend);
    await held.untilBlocked();
    await accountOperations(world).merge(twin, anna);
    await held.release();
    expect((await paid).detail).toBe('converted');
    expect(await see.count(`referral.milestone WHERE is_granted`)).toBe(1);
  });

  it('a milestone takes its budget together with that of the invitation, in one order', async () => {
    const { given, when, see, sql } = world;
    const anna = await given.user();
    const first = await given.terms({ milestone_every: 2, milestone_days: 10, budget_days: 1_000 });
    const payments = [1, 2].map(async () => when.invoicePaid(await given.userInvitedBy(anna)));
    for (const paid of payments) await when.stripeSends(await paid);
    const second = await given.terms({ budget_days: 1_000 });
    const last = when.invoicePaid(await given.userInvitedBy(anna));
    await when.stripeSends(last);
    await refund((await payments[0]) as StripeEvent);

    const held = await holdLock(sql, `SELECT 1 FROM referral.budget WHERE terms_version = $1 FOR UPDATE`, [
      first,
    ]);
    const refunded = refund(last);
    await held.untilBlocked();
    const isFree = await held.canLockRows(`SELECT 1 FROM referral.budget WHERE terms_version = $1`, [second]);
    await held.release();
    await refunded;
    expect(isFree).toBe(true);
    expect(await see.count(`referral.milestone WHERE NOT is_granted`)).toBe(1);
    expect(await see.count(`referral.budget WHERE reserved_ms = ${90 * dayMs}`)).toBe(1);
  });
});

describe('a budget', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    expect(await world.see.discrepancies()).toEqual([]);
    await world.close();
  });

  const takenDays = async (version: number) => {
    const { rows } = await world.sql.query<{ reserved_ms: string }>(
      `SELECT reserved_ms FROM referral.budget WHERE terms_version = $1`,
      [version],
    );
    return Number(rows[0]?.reserved_ms) / dayMs;
  };

  it('a budget of 180 days has room for two pairs after one of 45 days each was refunded a little later', async () => {
    const { given, when, see } = world;
    const version = await given.terms({ budget_days: 180 });
    const anna = await given.user();
    const refundedFriend = when.invoicePaid(await given.userInvitedBy(anna));
    await when.stripeSends(refundedFriend);
    world.clock.advance(5_000);
    for (const sent of refundEvents(refundedFriend, when.seconds).refunded) await when.stripeSends(sent);
    expect(await takenDays(version)).toBe(0);
    const friends = [
      await given.userInvitedBy(anna),
      await given.userInvitedBy(anna),
      await given.userInvitedBy(anna),
    ];
    for (const friend of friends) await when.pays(friend);
    expect(await takenDays(version)).toBe(180);
    expect(await see.count(`referral.reward_status WHERE state = 'granted'`)).toBe(2);
    expect(await see.count(`referral.reward_status WHERE reasons = '{budget_exhausted}'`)).toBe(1);
  });

  it('a budget keeps the whole days that both had used before a refund, and takes them once when it is undone', async () => {
    const { given, when } = world;
    const version = await given.terms({ budget_days: 90 });
    const anna = await given.user();
    const paid = when.invoicePaid(await given.userInvitedBy(anna));
    await when.stripeSends(paid);
    world.clock.advance(10.5 * dayMs);
    const { refunded, failed } = refundEvents(paid, when.seconds);
    for (const sent of refunded) await when.stripeSends(sent);
    expect(await takenDays(version)).toBe(20);
    await when.stripeSends(failed);
    expect(await takenDays(version)).toBe(90);
  });
});
