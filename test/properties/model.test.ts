import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOver, patienceMs, pick, say, seed } from '../proofs/stage/effort.js';
import { withoutLetters } from '../proofs/stage/stage.js';
import { createWorld, type World } from '../support/world.js';
import { anyHistory } from './model/commands.js';
import { Real } from './model/real.js';
import { emptyReference, joins } from './model/reference.js';

const numRuns = pick(300, 20_000);

/** Random lives of a few people, on the real application and on a model of forty lines: they always say the same. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
  withoutLetters(world);
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
}, 600_000);

it(
  `whatever people, Stripe and time do is what the model says (${numRuns} histories, seed ${seed})`,
  async () => {
    let deliveries = 0;
    let histories = 0;
    await fc.assert(
      fc.asyncProperty(anyHistory(20), async (steps) => {
        if (isOver()) return;
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
        histories++;
        if (histories % 1_000 === 0) say(`${histories} histories against the model`);
      }),
      { numRuns, seed },
    );
    say(`${histories} histories and ${deliveries} deliveries against the model, seed ${seed}`);
    expect(deliveries).toBeGreaterThan(3 * histories); // so that histories do say something
  },
  patienceMs,
);
