import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from '../support/world.js';
import { histories } from './machine/histories.js';
import { at, duplicationsOf, ordersOf, seed, size } from './machine/orders.js';
import { randomOf, shuffled } from './machine/story.js';
import { deliver, expectSame, inOrder, told } from './machine/tell.js';

const hour = 3_600_000;

/** Whatever Stripe repeats, reorders, loses or delivers at the same time: it comes to the same. */
let world: World;
beforeAll(async () => {
  world = await createWorld({ databasePoolMax: 40 });
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  expect(await world.see.count(`billing.inbox WHERE status IN ('failed', 'dead', 'accepted')`)).toBe(0);
  await world.close();
}, hour);

describe.each(Object.entries(histories))('%s', (_, history) => {
  let end: unknown;
  let count: number;
  beforeAll(async () => {
    end = await told(world, history, async (own, events) => {
      count = events.length;
      await inOrder(own, events);
    });
  });

  it(
    'comes to the same with every duplication',
    async () => {
      for (const order of duplicationsOf(count))
        await expectSame(world, { history, end, how: `in order ${order}` }, (own, events) =>
          inOrder(own, at(events, order)),
        );
    },
    hour,
  );

  it(
    'comes to the same in every order',
    async () => {
      for (const order of ordersOf(count))
        await expectSame(world, { history, end, how: `in order ${order}` }, (own, events) =>
          inOrder(own, at(events, order)),
        );
    },
    hour,
  );

  it(
    'comes to the same when 2 to 16 are delivered at once, some twice',
    async () => {
      const random = randomOf(seed);
      for (let round = 0; round < size.concurrentRounds; round++)
        for (const atOnce of [2, 4, 8, 16])
          await expectSame(
            world,
            { history, end, how: `${atOnce} at once, seed ${seed}, round ${round}` },
            async (own, events) => {
              const all = shuffled([...events, ...shuffled(events, random).slice(0, 4)], random);
              for (let from = 0; from < all.length; from += atOnce)
                await Promise.all(all.slice(from, from + atOnce).map((one) => deliver(own, one)));
            },
          );
    },
    hour,
  );
});
