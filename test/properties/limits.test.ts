import { afterEach, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { RewardStatusService } from '../../src/referral/conversions/reward-status.service.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import type { Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import {
  dispute,
  invoicePayment,
  paymentFor,
  refund,
  type PaidInvoice,
} from '../support/payment-payloads.js';
import { event, invoice, stripeId } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 4711);

/** A person invited who may pay, and the money of theirs that may go back. */
interface Friend {
  person: Person;
  payment: PaidInvoice | null;
  refundId: string;
  disputeId: string;
}

/**
 * Whatever happens at once, a cap and a budget are what their conversions take, and never more than
 * their limit.
 */
describe('caps, budgets and milestones', () => {
  let world: World;
  afterEach(() => world.close());

  /** Friends of a few referrers, under the terms that are in force. */
  async function friendsOf(referrers: number, each: number): Promise<Friend[]> {
    const friends: Friend[] = [];
    for (let index = 0; index < referrers; index++) {
      const code = await world.given.referralCodeOf(await world.given.user());
      for (let friend = 0; friend < each; friend++) friends.push(await friendOf(code));
    }
    return friends;
  }

  async function friendOf(code: string): Promise<Friend> {
    const person = await world.given.user({ ref: code });
    await world.given.linkCustomer(person);
    return { person, payment: null, refundId: stripeId('re'), disputeId: stripeId('du') };
  }

  /** Something that may happen to a friend's money next. */
  async function happens(seededRandom: SeededRandom, friend: Friend): Promise<void> {
    const { when } = world;
    const at = when.seconds;
    if (friend.payment === null) {
      const paid = invoice(friend.person.payer, at);
      friend.payment = paymentFor(String(paid.id));
      await tell('invoice.paid', paid);
      await tell('invoice_payment.paid', invoicePayment(friend.payment, at));
      return;
    }
    const { payment } = friend;
    const what = seededRandom.integerBelow(6);
    if (what === 0) await tell('refund.created', refund(payment, at, { id: friend.refundId }));
    if (what === 1)
      await tell('refund.failed', refund(payment, at, { id: friend.refundId, status: 'failed' }));
    if (what === 2) await tell('charge.dispute.created', dispute(payment, at, { id: friend.disputeId }));
    if (what === 3)
      await tell('charge.dispute.closed', dispute(payment, at, { id: friend.disputeId, status: 'won' }));
    if (what === 4)
      await tell('charge.dispute.closed', dispute(payment, at, { id: friend.disputeId, status: 'lost' }));
    if (what === 5) await release();
  }

  async function tell(type: string, object: Record<string, unknown>): Promise<void> {
    const answer = await world.when.stripeSends(event(type, object, world.when.seconds));
    expect({ type, status: answer.status }).toEqual({ type, status: 200 });
  }

  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();

  /** As many at once as there are friends, round after round, with time passing between them. */
  async function turmoil(friends: Friend[], rounds: number): Promise<void> {
    const dice = seededRandom(seed);
    for (let round = 0; round < rounds; round++) {
      await Promise.all(dice.shuffle(friends).map((friend) => happens(dice, friend)));
      expect(await world.see.discrepancies()).toEqual([]);
      if (round < rounds - 1) world.clock.advance(dice.integerBelow(3) * dayMs);
    }
  }

  /** All of everybody's money goes back. */
  async function allRefunded(friends: Friend[]): Promise<void> {
    const { when } = world;
    await Promise.all(
      friends.map(async ({ payment }) => {
        if (payment !== null) await tell('refund.created', refund(payment, when.seconds));
      }),
    );
  }

  const taken = async (version: number) => {
    const { rows } = await world.sql.query<{ reserved_ms: string }>(
      `SELECT reserved_ms FROM referral.budget WHERE terms_version = $1`,
      [version],
    );
    return Number(rows[0]?.reserved_ms);
  };

  it.each([
    ['without a hold', 0],
    ['with a hold', 3],
  ])(
    '64 conversions, releases and reversals at once exceed nothing and leak nothing, %s',
    async (_, hold) => {
      world = await createWorld();
      const limits = { cap_conversions: 5, cap_window_days: 30, budget_days: 1500, milestone_every: 3 };
      const version = await world.given.terms({ ...limits, hold_days: hold, milestone_days: 10 });
      const friends = await friendsOf(8, 8);
      await turmoil(friends, 6);
      world.clock.advance(hold * dayMs);
      await release();
      expect(await world.see.discrepancies()).toEqual([]);
      expect(await taken(version)).toBeGreaterThan(0);
      await allRefunded(friends);
      expect(await world.see.discrepancies()).toEqual([]);
      // what is still taken are the whole days that people used up before the rest was taken back
      const { rows } = await world.sql.query<{ used: string }>(
        `SELECT sum(ms / ${dayMs} * ${dayMs}) AS used FROM (SELECT sum(duration_ms)::bigint AS ms FROM credit.entry
           GROUP BY conversion_id, side, CASE WHEN conversion_id IS NULL THEN id END) AS each`,
      );
      expect(await taken(version)).toBe(Number(rows[0]?.used));
      expect(await world.see.count(`referral.reward_reservation WHERE uses_cap`)).toBe(0);
    },
  );

  it('the budget lasts exactly as long as it lasts, and a reversal makes room for the next', async () => {
    world = await createWorld();
    const version = await world.given.terms({ budget_days: 9 * 90 });
    const friends = await friendsOf(4, 16);
    await turmoil(friends, 1);
    const credited = () => world.see.count(`referral.reward_status WHERE state = 'granted'`);
    expect(await credited()).toBe(9);
    expect(await world.see.count(`referral.reward_status WHERE reasons = '{budget_exhausted}'`)).toBe(55);
    expect(await taken(version)).toBe(9 * 90 * dayMs);
    await allRefunded(friends);
    expect([await credited(), await taken(version)]).toEqual([0, 0]);
    const late = await friendsOf(1, 10);
    await turmoil(late, 1);
    expect([await credited(), await taken(version)]).toEqual([9, 9 * 90 * dayMs]);
  });

  it('a cap leaves the friend their days, counts its window, and is exact at once', async () => {
    world = await createWorld();
    await world.given.terms({ cap_conversions: 4, cap_window_days: 30 });
    const friends = await friendsOf(1, 32);
    await turmoil(friends.slice(0, 16), 1);
    const rewarded = (side: string) =>
      world.see.count(`credit.entry WHERE side = $1 AND revision = 0`, [side]);
    expect([await rewarded('referrer'), await rewarded('referred')]).toEqual([4, 16]);
    world.clock.advance(31 * dayMs);
    await turmoil(friends.slice(16), 1);
    expect([await rewarded('referrer'), await rewarded('referred')]).toEqual([8, 32]);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('a milestone is earned once for its number, goes below it and comes back with it', async () => {
    world = await createWorld();
    await world.given.terms({ milestone_every: 3, milestone_days: 30 });
    const friends = await friendsOf(1, 5);
    await turmoil(friends.slice(0, 3), 1);
    const milestones = () =>
      world.sql
        .query(
          `SELECT kind, duration_ms / ${dayMs} AS days FROM credit.entry WHERE conversion_id IS NULL ORDER BY seq`,
        )
        .then(({ rows }) => rows.map((row: { kind: string; days: string }) => [row.kind, Number(row.days)]));
    expect(await milestones()).toEqual([['milestone', 30]]);
    await allRefunded(friends.slice(0, 1));
    expect(await milestones()).toEqual([
      ['milestone', 30],
      ['reversal', -30],
    ]);
    await turmoil(friends.slice(3, 4), 1);
    expect(await milestones()).toEqual([
      ['milestone', 30],
      ['reversal', -30],
      ['restoration', 30],
    ]);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('a milestone that is reached while a conversion waits for the accounts counts for it', async () => {
    world = await createWorld();
    await world.given.terms({ milestone_every: 1, milestone_days: 30 });
    const referrer = await world.given.user();
    const code = await world.given.referralCodeOf(referrer);
    const [first, second] = [await friendOf(code), await friendOf(code)];
    await world.sql.query(`UPDATE referral.referral SET terms_version = 1 WHERE referred_id = $1`, [
      second.person.id,
    ]);
    await turmoil([first], 1);
    await allRefunded([first]);
    const { rows } = await world.sql.query<Record<string, unknown>>(
      `DELETE FROM referral.milestone RETURNING *`,
    );
    const accounts = await holdLock(world.sql, `SELECT 1 FROM credit.account WHERE user_id = $1 FOR UPDATE`, [
      referrer.id,
    ]);
    const converted = turmoil([second], 1);
    await accounts.untilBlocked();
    await accounts.query(
      `INSERT INTO referral.milestone SELECT * FROM jsonb_populate_record(NULL::referral.milestone, $1)`,
      [JSON.stringify(rows[0])],
    );
    await accounts.commit();
    await converted;
    const granted = await world.sql.query(`SELECT is_granted FROM referral.milestone`);
    expect(granted.rows).toEqual([{ is_granted: true }]);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('a review holds what was to come, and what had come; its decision releases or refuses it', async () => {
    world = await createWorld();
    const [pending, credited] = (await friendsOf(1, 2)) as [Friend, Friend];
    const dice = seededRandom(seed);
    const referralOf = async ({ person }: Friend) => {
      const { rows } = await world.sql.query<{ id: string }>(
        `SELECT id FROM referral.referral WHERE referred_id = $1`,
        [person.id],
      );
      return rows[0]?.id ?? '';
    };
    const review = async (friend: Friend, outcome: string, decision: string | null) => {
      const id = await referralOf(friend);
      await world.database.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO referral.review (referral_id, outcome, decision, opened_at, decided_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (referral_id) DO UPDATE SET outcome = $2, decision = $3, decided_at = $5`,
          [id, outcome, decision, world.clock.now(), decision && world.clock.now()],
        );
        await world.app.get(RewardStatusService, { strict: false }).reevaluate(tx, id);
      });
    };
    const days = ({ person }: Friend) => world.see.creditDaysOf(person);
    await review(pending, 'review', null);
    await happens(dice, pending);
    await happens(dice, credited);
    expect([await days(pending), await days(credited)]).toEqual([0, 45]);
    await review(credited, 'review', null);
    await review(pending, 'review', 'approved');
    expect([await days(pending), await days(credited)]).toEqual([45, 0]);
    await review(credited, 'review', 'rejected');
    await review(pending, 'reject', 'approved');
    expect([await days(pending), await days(credited)]).toEqual([45, 0]);
    await review(credited, 'review', 'approved');
    expect(await days(credited)).toBe(45);
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
