import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import { bearer, type Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund, type PaidInvoice } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 2604);
const friends = Number(process.env.FRIENDS ?? 40);

interface Reward {
  status: 'promised' | 'held' | 'in_review' | 'credited' | 'suspended' | 'taken_back' | 'none';
  days: number;
  arrivesAt: string | null;
  text: string;
  why: string | null;
}

/** What both sides read at one moment. */
interface Notices {
  referrer: Reward;
  referred: Reward;
}

/** What happened in the ledger: days that were credited for a side, in all and now. */
interface Credited {
  granted: number;
  net: number;
}

/**
 * What both people of an invitation read, under random terms, is what then happens: before the
 * payment, while it waits, and after a refund.
 */
describe('promises', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const release = () => world.app.get(RewardRelease, { strict: false }).releaseDue();

  async function publish(dice: SeededRandom): Promise<{ holdDays: number; minimum: number }> {
    const holdDays = dice.integerBelow(2) * (1 + dice.integerBelow(5));
    const minimum = dice.integerBelow(2) * 800;
    const side = dice.integerBelow(4); // 0: only the referrer gets days; 1: only the friend
    await world.given.terms({
      hold_days: holdDays,
      referrer_days: side === 1 ? 0 : 1 + dice.integerBelow(60),
      referred_days: side === 0 ? 0 : 1 + dice.integerBelow(60),
      minimum_amounts: JSON.stringify(minimum === 0 ? {} : { usd: minimum }),
      ...(dice.integerBelow(3) === 0 ? { cap_conversions: 1 + dice.integerBelow(2) } : {}),
      ...(dice.integerBelow(3) === 0 ? { budget_days: dice.integerBelow(3) * 60 + 40 } : {}),
    });
    return { holdDays, minimum };
  }

  async function tell(type: string, object: Record<string, unknown>): Promise<void> {
    const { status } = await world.when.stripeSends(event(type, object, world.when.seconds));
    expect({ type, status }).toEqual({ type, status: 200 });
  }

  async function pays(person: Person, amount: number): Promise<PaidInvoice> {
    const paid = invoice(person.payer, world.when.seconds, { amount_paid: amount });
    const payment = paymentFor(String(paid.id));
    await tell('invoice.paid', paid);
    await tell('invoice_payment.paid', invoicePayment(payment, world.when.seconds));
    return payment;
  }

  async function get<T>(person: Person, path: string): Promise<T> {
    return (await world.app.inject({ url: `/api/v1/${path}`, headers: bearer(person) })).json<T>();
  }

  async function read(referrer: Person, friend: Person): Promise<Notices> {
    const [{ invitation }, { items }] = await Promise.all([
      get<{ invitation: { referralId: string; reward: Reward } }>(friend, 'referral'),
      get<{ items: { id: string; reward: Reward }[] }>(referrer, 'referral/invites?limit=100'),
    ]);
    const invite = items.find(({ id }) => id === invitation.referralId);
    if (invite === undefined) throw new Error('The referrer does not see the invitation');
    return { referrer: invite.reward, referred: invitation.reward };
  }

  async function creditedTo(friend: Person, side: 'referrer' | 'referred'): Promise<Credited> {
    const { rows } = await world.sql.query<{ granted: string; net: string }>(
      `SELECT coalesce(sum(e.duration_ms) FILTER (WHERE e.revision = 0), 0) / ${dayMs}.0 AS granted, coalesce(sum(e.duration_ms), 0) / ${dayMs}.0 AS net
       FROM credit.entry e JOIN referral.conversion c ON c.id = e.conversion_id WHERE c.referred_id = $1 AND e.side = $2`,
      [friend.id, side],
    );
    return { granted: Number(rows[0]?.granted), net: Math.round(Number(rows[0]?.net)) };
  }

  const sides = ['referrer', 'referred'] as const;

  it(`what both read before a payment is what the payment brings, for ${friends} friends (seed ${seed})`, async () => {
    const dice = seededRandom(seed);
    const seen = new Set<string>();
    let terms = await publish(dice);
    let referrer = await world.given.user();
    for (let index = 0; index < friends; index++) {
      if (index % 4 === 0) terms = await publish(dice);
      if (index % 8 === 0) {
        referrer = await world.given.user();
        staff = await createStaff(world); // a session ends after thirty days
      }
      const ref = await world.given.referralCodeOf(referrer);
      const isSuspicious = dice.integerBelow(5) === 0;
      const email = isSuspicious
        ? `promise-${seed}-${index}@mailinator.com`
        : `promise-${seed}-${index}@example.org`;
      const friend = await world.given.user({ ref, email });
      await world.given.linkCustomer(friend);
      const referral = await get<{ invitation: { referralId: string } }>(friend, 'referral');
      const decide = async (decision: 'approve' | 'reject') => {
        const path = `referrals/${referral.invitation.referralId}/${decision}`;
        const { statusCode } = await staff.api('POST', path, staff.admin, { reason: 'a test' });
        expect([path, statusCode]).toEqual([path, 200]);
      };
      if (dice.integerBelow(8) === 0) await decide('reject');

      if (terms.minimum > 0 && dice.integerBelow(3) === 0) {
        const before = await read(referrer, friend);
        await pays(friend, 500);
        const after = await read(referrer, friend);
        for (const side of sides) {
          expect([index, after[side].status, after[side].days]).toEqual([
            index,
            before[side].status,
            before[side].days,
          ]);
          if (after[side].status === 'promised') expect(after[side].why).toContain('does not count');
          expect(await creditedTo(friend, side)).toEqual({ granted: 0, net: 0 });
        }
        seen.add('unqualified');
        world.clock.advance(1_000);
      }

      const promised = await read(referrer, friend);
      const paidAt = world.when.seconds * 1000;
      const payment = await pays(friend, 1_000);
      const paid = await read(referrer, friend);
      const isReviewed = sides.some((side) => paid[side].status === 'in_review');
      for (const side of sides) {
        const { status, days } = promised[side];
        seen.add(`${side} ${status}`);
        seen.add(`${side} then ${paid[side].status}`);
        expect([index, side, ['promised', 'none'].includes(status)]).toEqual([index, side, true]);
        expect([index, side, status === 'promised']).toEqual([index, side, days > 0]);
        expect([index, side, paid[side].days]).toEqual([index, side, days]);
        const expected =
          days === 0 ? 'none' : isReviewed ? 'in_review' : terms.holdDays > 0 ? 'held' : 'credited';
        expect([index, side, paid[side].status]).toEqual([index, side, expected]);
        if (expected === 'held')
          expect(paid[side].arrivesAt).toBe(new Date(paidAt + terms.holdDays * dayMs).toISOString());
        expect((await creditedTo(friend, side)).granted).toBe(expected === 'credited' ? days : 0);
      }

      const isRefunded = dice.integerBelow(4) === 0;
      if (isRefunded) {
        world.clock.advance(dice.integerBelow(3) * dayMs);
        await tell('refund.created', refund(payment, world.when.seconds));
      }
      if (isReviewed) await decide(dice.integerBelow(2) === 0 ? 'approve' : 'reject');
      const decided = await read(referrer, friend);
      world.clock.advance(terms.holdDays * dayMs + dice.integerBelow(2) * 1_000);
      await release();
      const end = await read(referrer, friend);
      for (const side of sides) {
        const { granted, net } = await creditedTo(friend, side);
        const { status, days } = end[side];
        seen.add(`${side} at last ${status}`);
        // what was still coming after the decision came
        if (['held', 'credited'].includes(decided[side].status) && !isRefunded)
          expect([index, side, granted]).toEqual([index, side, promised[side].days]);
        if (status === 'credited') expect([index, side, net]).toEqual([index, side, days]);
        if (status === 'none') expect([index, side, granted]).toEqual([index, side, 0]);
        if (status === 'taken_back')
          expect([index, side, granted > net, net]).toEqual([index, side, true, days]);
        expect({ index, side, status }).toEqual({
          index,
          side,
          status: expect.stringMatching(/^(credited|none|taken_back)$/),
        });
        if (status !== 'credited') expect(end[side].text + (end[side].why ?? '')).not.toBe(end[side].text);
      }
    }
    await world.runHandlers();
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        ...['unqualified', 'referrer promised', 'referrer none', 'referred promised', 'referred none'],
        ...['referrer then held', 'referred then in_review', 'referred then none', 'referrer then credited'],
        ...['referred at last taken_back', 'referred at last credited', 'referred at last none'],
      ]),
    );
    const { rows } = await world.sql.query<{ text: string }>(
      `SELECT subject || text_part AS text FROM notifications.captured_email WHERE subject || text_part ~ '(^|[^0-9])0 days'`,
    );
    expect(rows).toEqual([]);
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
