import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createWorld, type World } from '../support/world.js';
import { anyHistory } from './model/commands.js';
import { Real } from './model/real.js';
import { emptyReference, joins } from './model/reference.js';

const isFull = process.env.TWOFOLD_PROOFS === 'full';
const numRuns = Number(process.env.TWOFOLD_PROOFS_HISTORIES ?? (isFull ? 20_000 : 300));
const seed = Number(process.env.TWOFOLD_PROOFS_SEED ?? 20_261_122);

/** Random lives of a few people, on the real application and on a model of forty lines: they always say the same. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
}, 600_000);

it(
  `whatever people, Stripe and time do is what the model says (${numRuns} histories, seed ${seed})`,
  async () => {
    let deliveries = 0;
    await fc.assert(
      fc.asyncProperty(anyHistory(isFull ? 40 : 20), async (steps) => {
        const real = new Real(world);
        const model = emptyReference(world.clock.now().getTime());
        for (const [who, by] of [
          ['anna', null],
          ['bert', 'anna'],
          ['carl', 'bert'],
        ] as const) {
          await real.joins(who, by);
          joins(model, who, by);
        }
        await fc.asyncModelRun(() => ({ model, real }), steps);
        deliveries += real.delivered.length;
      }),
      { numRuns, seed },
    );
    expect(deliveries).toBeGreaterThan(3 * numRuns); // so that histories do say something
  },
  4 * 3_600_000,
);
