import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createWorld, type World } from '../support/world.js';
import { breakingAt } from './machine/cuts.js';
import { histories } from './machine/histories.js';
import { size } from './machine/orders.js';
import { deliver, expectSame, told } from './machine/tell.js';

const hour = 3_600_000;

/** These pass through everything that an event can write. */
const cutInEveryRun = ['a direct subscription', 'a dispute that is won', 'two customers of one person'];

/** The connection to the database breaks before, or right after, any one statement; then Stripe delivers again. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
}, hour);

const cut = Object.entries(histories).filter(
  ([name]) => size.everyHistoryIsCut || cutInEveryRun.includes(name),
);

it.each(cut)(
  '%s comes to the same, wherever the connection breaks',
  async (_, history) => {
    const statements: number[] = [];
    const end = await told(world, history, async (own, events) => {
      for (const one of events) statements.push(await breakingAt(null, () => deliver(own, one)));
    });
    expect(Math.max(...statements)).toBeGreaterThan(10);
    let broken = 0;
    for (const [place, count] of statements.entries())
      for (let statement = 0; statement < count; statement++)
        for (const when of ['before', 'after'] as const) {
          const how = `event ${place} cut ${when} statement ${statement} of ${count}`;
          await expectSame(world, { history, end, how }, async (own, events) => {
            for (const [n, one] of events.entries()) {
              if (n === place)
                await breakingAt({ statement, when }, async () => {
                  const { status } = await own.when.stripeSends(one);
                  expect({ how, status }).toEqual({ how, status: 503 });
                  broken++;
                });
              await deliver(own, one);
            }
          });
        }
    expect(broken).toBe(2 * statements.reduce((sum, count) => sum + count, 0));
  },
  hour,
);
