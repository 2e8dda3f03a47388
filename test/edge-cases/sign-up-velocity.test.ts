import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hourMs } from '../../src/platform/durations.js';
import type { Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

/**
 * "More than 10 sign-ups in an hour, or 30 in a day, through one referrer", counted from real
 * sign-ups.
 */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Signs `count` friends of one code up, a millisecond after one another. Answers the last. */
async function signUps(code: string, count: number): Promise<Person | undefined> {
  let last: Person | undefined;
  for (let n = 0; n < count; n++) {
    last = await world.given.user({ ref: code });
    world.clock.advance(1);
  }
  return last;
}

async function isFast(friend: Person | undefined): Promise<boolean> {
  const found = await world.see.count(
    `referral.fraud_rule_hit h JOIN referral.referral r ON r.id = h.referral_id
     WHERE r.referred_id = $1 AND h.rule = 'velocity'`,
    [friend?.id],
  );
  return found > 0;
}

describe('the velocity of a code', () => {
  it('the velocity of a code hits with the 11th sign-up within an hour, not with the 10th', async () => {
    const code = await world.given.referralCodeOf(await world.given.user());
    expect(await isFast(await signUps(code, 10))).toBe(false);
    expect(await isFast(await signUps(code, 1))).toBe(true);
  });

  it.each([
    [hourMs - 1, true],
    [hourMs, false],
  ])('the velocity of a code counts a sign-up of %i ms ago: %s', async (ago, counts) => {
    const code = await world.given.referralCodeOf(await world.given.user());
    const oldest = world.clock.now().getTime();
    await signUps(code, 10);
    world.clock.set(new Date(oldest + ago));
    expect(await isFast(await signUps(code, 1))).toBe(counts);
  });

  it('the velocity of a code hits with the 31st sign-up within a day, not with the 30th, and not with one a day later', async () => {
    const code = await world.given.referralCodeOf(await world.given.user());
    for (let hour = 0; hour < 3; hour++) {
      await signUps(code, hour === 2 ? 9 : 10);
      world.clock.advance(2 * hourMs);
    }
    expect(await isFast(await signUps(code, 1))).toBe(false);
    expect(await isFast(await signUps(code, 1))).toBe(true);
    world.clock.advance(24 * hourMs);
    expect(await isFast(await signUps(code, 1))).toBe(false);
  });
});
