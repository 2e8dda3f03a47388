import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Reconcile } from '../../src/billing/index.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import { diceFor, patienceMs, pick, wanted } from './stage/effort.js';
import { acknowledged, Judge, type Way } from './stage/judge.js';
import { inOrder } from './stage/orders.js';
import { Stage, type Send } from './stage/stage.js';

/** A good part of the events never arrives, and the rest in any order; then the loss is made good. */
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** How the loss is made good: told what was lost. */
type Recovery = (lost: readonly StripeEvent[], send: Send) => Promise<void>;

const lossPercent = 30;

/** Stripe sends again what was not acknowledged, for three days, in no order. */
const redelivery: Recovery = async (lost, send) => {
  await stage.settle();
  for (const event of lost) await acknowledged(send, event);
};

/** Nothing is sent again: what Stripe lists is taken. */
const reconciliation: Recovery = async () => {
  await stage.settle();
  const reconcile = stage.world.app.get(Reconcile, { strict: false });
  const { failed } = await reconcile.events({ since: new Date(0) });
  expect(failed).toBe(0);
};

/** Stripe lists the events of 30 days. */
const listed = histories.filter(({ lasts = 10 }) => lasts < 29);

it(
  'lost events that are found by reconciliation',
  async () => {
    const judge = new Judge(stage, 'losses, reconciled');
    await judge.sameEnd(wanted(listed), ({ name }, count) => losses(name, count, reconciliation));
    await judge.finish();
    expect(await stage.world.see.count(`billing.inbox WHERE status IN ('failed', 'dead')`)).toBe(0);
  },
  patienceMs,
);

it(
  'lost events that are delivered again later',
  async () => {
    const judge = new Judge(stage, 'losses');
    await judge.sameEnd(wanted(histories), ({ name }, count) => losses(name, count, redelivery));
    await judge.finish();
    expect(await stage.world.see.count(`billing.inbox WHERE status IN ('failed', 'dead')`)).toBe(0);
  },
  patienceMs,
);

function* losses(name: string, count: number, recover: Recovery): Generator<Way> {
  const dice = diceFor(`losses of ${name}`);
  for (let run = 0; run < pick(4, 500); run++) {
    const order = dice.shuffled(inOrder(count));
    const isLost = order.map(() => dice.below(100) < lossPercent);
    const lost = order.filter((_, n) => isLost[n]);
    yield {
      words: `in the order ${order.join(',')}, with ${lost.join(',')} lost at first`,
      telling: async (events, send) => {
        for (const place of order) {
          const event = events[place];
          if (event !== undefined && !lost.includes(place)) await acknowledged(send, event);
        }
        const missing = events.filter((_, place) => lost.includes(place));
        await recover(dice.shuffled(missing), send);
      },
    };
  }
}
