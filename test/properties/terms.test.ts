import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RewardRelease } from '../../src/billing/payments/reward-release.js';
import { TermsRepository } from '../../src/referral/terms/terms.repository.js';
import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';
import type { Person } from '../support/given.js';
import { createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;
const seed = Number(process.env.SEED ?? 2718);
const steps = 260;

/** Terms as they were published. */
interface Published {
  version: number;
  referrerDays: number;
  referredDays: number;
  holdDays: number;
  minimumAmounts: { usd?: number };
  cap: { conversions: number; windowDays: number | null } | null;
  validFrom: string;
}

/** A person invited under terms; `due` is when which days come to whom, once they have paid. */
interface Friend {
  person: Person;
  referrer: Person;
  terms: Published;
  due: { at: number; referrer: number; referred: number } | null;
}

/**
 * Staff publish whatever they like; what a person was invited under is what they and their referrer
 * get.
 */
describe('terms published through the entry point', () => {
  let world: World;
  let staff: Staff;
  const versions: Published[] = [];
  const friends: Friend[] = [];
  /** When each referrer took places of a cap: only conversions under limited terms do. */
  const places = new Map<string, number[]>();
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const now = () => world.clock.now().getTime();

  async function publish(seededRandom: SeededRandom): Promise<void> {
    const cap = {
      conversions: 1 + seededRandom.integerBelow(3),
      windowDays: [null, 5, 20][seededRandom.integerBelow(3)] ?? null,
    };
    const answer = await staff.api('POST', 'programme/terms', staff.admin, {
      referrerDays: seededRandom.integerBelow(40),
      referredDays: 1 + seededRandom.integerBelow(40),
      holdDays: seededRandom.integerBelow(2) * seededRandom.integerBelow(15),
      minimumAmounts: seededRandom.integerBelow(2) === 0 ? {} : { usd: 1000 },
      cap: seededRandom.integerBelow(3) === 0 ? null : cap,
      reason: 'because',
      ...(seededRandom.integerBelow(3) === 0
        ? { validFrom: new Date(now() + seededRandom.integerBelow(10) * dayMs).toISOString() }
        : {}),
    });
    expect(answer.statusCode).toBe(201);
    versions.push(answer.json<Published>());
  }

  /** The newest whose time it is. */
  const inForce = () =>
    versions.filter(({ validFrom }) => Date.parse(validFrom) <= now()).at(-1) as Published;

  async function invite(referrer: Person): Promise<void> {
    const person = await world.given.userInvitedBy(referrer);
    friends.push({ person, referrer, terms: inForce(), due: null });
  }

  /**
   * Pays an amount that reaches some minimums and not others; the first that does decides. No one
   * pays twice a second.
   */
  async function pay(seededRandom: SeededRandom, friend: Friend): Promise<void> {
    const amount = 500 + 500 * seededRandom.integerBelow(2);
    await world.when.stripeSends(world.when.invoicePaid(friend.person, { amount_paid: amount }));
    const { terms, referrer } = friend;
    if (friend.due !== null || amount < (terms.minimumAmounts.usd ?? 0)) return;
    const capped = takesNoPlace(referrer, terms);
    friend.due = {
      at: world.when.seconds * 1000 + terms.holdDays * dayMs,
      referrer: capped ? 0 : terms.referrerDays,
      referred: terms.referredDays,
    };
  }

  function takesNoPlace(referrer: Person, { cap, referrerDays }: Published): boolean {
    if (cap === null || referrerDays === 0) return false;
    const taken = places.get(referrer.id) ?? [];
    const since = cap.windowDays === null ? -Infinity : now() - cap.windowDays * dayMs;
    if (taken.filter((at) => at > since).length >= cap.conversions) return true;
    places.set(referrer.id, [...taken, now()]);
    return false;
  }

  async function creditedTo(person: Person): Promise<number> {
    const { rows } = await world.sql.query<{ days: string }>(
      `SELECT coalesce(sum(duration_ms), 0) / ${dayMs} AS days FROM credit.entry WHERE user_id = $1`,
      [person.id],
    );
    return Number(rows[0]?.days);
  }

  it(`terms published through the entry point keep every promise: days, hold, cap and minimum, through ${steps} steps (seed ${seed})`, async () => {
    const dice = seededRandom(seed);
    versions.push({ ...(await staff.api('GET', 'programme/terms/1', staff.admin)).json<Published>() });
    const referrers = await Promise.all([1, 2, 3].map(() => world.given.user()));
    for (let step = 0; step < steps; step++) {
      const what = dice.integerBelow(10);
      const friend = friends[dice.integerBelow(Math.max(1, friends.length))];
      if (what <= 1) await publish(dice);
      else if (what <= 4) await invite(referrers[dice.integerBelow(3)] as Person);
      else if (what <= 8 && friend !== undefined) {
        await pay(dice, friend);
        world.clock.advance(1_000);
      } else world.clock.advance(dice.integerBelow(5) * dayMs);
    }
    await world.app.get(RewardRelease, { strict: false }).releaseDue();

    const arrived = friends.filter(({ due }) => due !== null && due.at <= now());
    expect(arrived.length).toBeGreaterThan(10);
    expect(arrived.some(({ due, terms }) => due?.referrer === 0 && terms.referrerDays > 0)).toBe(true);
    for (const { person, terms, due } of friends) {
      const held = await world.app.get(TermsRepository, { strict: false }).findByReferred(person.id);
      expect(held).toMatchObject({
        version: terms.version,
        referredDays: terms.referredDays,
        cap: terms.cap,
      });
      expect(await creditedTo(person)).toBe(due !== null && due.at <= now() ? due.referred : 0);
    }
    for (const referrer of referrers) {
      const own = arrived.filter((friend) => friend.referrer === referrer);
      const days = own.reduce((sum, { due }) => sum + (due?.referrer ?? 0), 0);
      expect(await creditedTo(referrer)).toBe(days);
    }
    expect(await world.see.discrepancies()).toEqual([]);
  });
});
