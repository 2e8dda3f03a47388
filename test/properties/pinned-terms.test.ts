import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import type { Person } from '../support/given.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 1108);
const steps = 150;

/** What a version of the terms promises, as plainly as it can be said. */
interface Promised {
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  minimum: number;
}

/** A person who came under a promise, and what they have to show for it. */
interface Invited {
  referrer: Person;
  person: Person;
  promised: Promised;
  paidAt: number | null;
}

describe('a promise under version n', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  async function publish(seededRandom: SeededRandom): Promise<Promised> {
    const promised = {
      referrerDays: seededRandom.integerBelow(60),
      referredDays: 1 + seededRandom.integerBelow(60),
      holdDays: seededRandom.integerBelow(2) * seededRandom.integerBelow(20),
      minimum: seededRandom.integerBelow(2) * 1000,
    };
    await world.given.terms({
      referrer_days: promised.referrerDays,
      referred_days: promised.referredDays,
      hold_days: promised.holdDays,
      minimum_amounts: JSON.stringify(promised.minimum === 0 ? {} : { usd: promised.minimum }),
    });
    return promised;
  }

  async function invite(promised: Promised): Promise<Invited> {
    const referrer = await world.given.user();
    const person = await world.given.userInvitedBy(referrer);
    return { referrer, person, promised, paidAt: null };
  }

  /** Pays an amount that reaches some minimums and not others. */
  async function pay(seededRandom: SeededRandom, invited: Invited): Promise<void> {
    const at = world.when.seconds;
    const amount = 500 + 500 * seededRandom.integerBelow(2);
    const paid = invoice(invited.person.payer, at, { amount_paid: amount });
    const answer = await world.when.stripeSends(event('invoice.paid', paid, at));
    expect(answer.status).toBe(200);
    if (amount >= invited.promised.minimum) invited.paidAt ??= at * 1000;
  }

  /** What both sides were credited in all, which no later version changes. */
  async function credited({ referrer, person }: Invited): Promise<number[]> {
    const { rows } = await world.sql.query<{ side: string; days: string }>(
      `SELECT side, sum(duration_ms) / ${dayMs} AS days FROM credit.entry WHERE user_id = ANY($1) GROUP BY side`,
      [[referrer.id, person.id]],
    );
    return ['referrer', 'referred'].map((side) => Number(rows.find((row) => row.side === side)?.days ?? 0));
  }

  function due({ promised, paidAt }: Invited): number[] {
    const isThere = paidAt !== null && paidAt + promised.holdDays * dayMs <= world.clock.now().getTime();
    return isThere ? [promised.referrerDays, promised.referredDays] : [0, 0];
  }

  it(`a promise under version n is kept after version n+1, through ${steps} steps (seed ${seed})`, async () => {
    const dice = seededRandom(seed);
    let promised = await publish(dice);
    const everybody: Invited[] = [];
    for (let step = 0; step < steps; step++) {
      const what = dice.integerBelow(8);
      const one = everybody[dice.integerBelow(Math.max(1, everybody.length))];
      if (what === 0) promised = await publish(dice);
      else if (what <= 3) everybody.push(await invite(promised));
      else if (what <= 6 && one !== undefined) await pay(dice, one);
      else world.clock.advance(dice.integerBelow(5) * dayMs);
    }
    await world.app.get(RewardRelease, { strict: false }).releaseDue();
    expect(everybody.filter(({ paidAt }) => paidAt !== null).length).toBeGreaterThan(20);
    for (const invited of everybody) expect(await credited(invited)).toEqual(due(invited));
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
