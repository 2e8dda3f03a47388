import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { isTimeUp, timeoutMs, bySize, logProgress, seed } from '../proofs/harness/test-budget.js';
import { disableEmails } from '../proofs/harness/history-runner.js';
import { createWorld, type World } from '../support/world.js';
import { anyHistory } from './model/commands.js';
import { RealSystem } from './model/real-system.js';
import { emptyModel, addUser } from './model/reference-model.js';

const numRuns = bySize(300, 20_000);

/**
 * Random lives of a few people, on the real application and on a model of forty lines: they always
 * say the same.
 */
let world: World;
let enableEmails: () => void;
beforeAll(async () => {
  world = await createWorld();
  enableEmails = disableEmails(world);
});
afterAll(async () => {
  enableEmails();
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});

it(
  `whatever people, Stripe and time do is what the model says (${numRuns} histories, seed ${seed})`,
  async () => {
    let deliveries = 0;
    let histories = 0;
    await fc.assert(
      fc.asyncProperty(anyHistory(20), async (steps) => {
        if (isTimeUp()) return;
        const realSystem = new RealSystem(world);
        const model = emptyModel(world.clock.now().getTime());
        for (const [who, by] of [
          ['anna', null],
          ['bert', 'anna'],
          ['carl', 'bert'],
        ] as const) {
          await realSystem.addUser(who, by);
          addUser(model, who, by);
        }
        await fc.asyncModelRun(() => ({ model, real: realSystem }), steps);
        deliveries += realSystem.delivered.length;
        histories++;
        if (histories % 1_000 === 0) logProgress(`${histories} histories against the model`);
      }),
      { numRuns, seed },
    );
    logProgress(`${histories} histories and ${deliveries} deliveries against the model, seed ${seed}`);
    expect(deliveries).toBeGreaterThan(3 * histories); // so that histories do say something
  },
  timeoutMs,
);
