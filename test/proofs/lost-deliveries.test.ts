import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReconciliationService } from '../../src/billing/index.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import { randomFor, timeoutMs, bySize, selected } from './harness/test-budget.js';
import { sendExpecting200, InvarianceChecker, type DeliveryPlan } from './harness/invariance-checker.js';
import { originalOrder } from './harness/orders.js';
import { HistoryRunner, type Send } from './harness/history-runner.js';

/**
 * A good part of the events never arrives, and the rest in any order; then the loss is made good.
 */
let runner: HistoryRunner;
beforeAll(async () => {
  runner = await HistoryRunner.open();
});
afterAll(() => runner.close());

/** How the loss is repaired. */
type Recovery = (lost: readonly StripeEvent[], send: Send) => Promise<void>;

const lossPercent = 30;

/** Stripe sends again what was not acknowledged, for three days, in no order. */
const redelivery: Recovery = async (lost, send) => {
  await runner.waitForFollowUps();
  for (const event of lost) await sendExpecting200(send, event);
};

/** Nothing is sent again: what Stripe lists is taken. */
const reconciliation: Recovery = async () => {
  await runner.waitForFollowUps();
  const reconcile = runner.world.app.get(ReconciliationService, { strict: false });
  const { failed } = await reconcile.reconcileEvents({ since: new Date(0) });
  expect(failed).toBe(0);
};

/** Stripe lists the events of 30 days. */
const listableHistories = histories.filter(({ durationDays = 10 }) => durationDays < 29);

it(
  'lost events that are found by reconciliation',
  async () => {
    const invarianceChecker = new InvarianceChecker(runner, 'losses, reconciled');
    await invarianceChecker.expectSameFinalState(selected(listableHistories), ({ name }, count) =>
      lossPlans(name, count, reconciliation),
    );
    await invarianceChecker.finish();
    expect(await runner.world.see.count(`billing.inbox WHERE status IN ('failed', 'dead')`)).toBe(0);
  },
  timeoutMs,
);

it(
  'lost events that are delivered again later',
  async () => {
    const invarianceChecker = new InvarianceChecker(runner, 'losses');
    await invarianceChecker.expectSameFinalState(selected(histories), ({ name }, count) =>
      lossPlans(name, count, redelivery),
    );
    await invarianceChecker.finish();
    expect(await runner.world.see.count(`billing.inbox WHERE status IN ('failed', 'dead')`)).toBe(0);
  },
  timeoutMs,
);

function* lossPlans(name: string, count: number, recover: Recovery): Generator<DeliveryPlan> {
  const dice = randomFor(`losses of ${name}`);
  for (let run = 0; run < bySize(4, 500); run++) {
    const order = dice.shuffle(originalOrder(count));
    const isLost = order.map(() => dice.integerBelow(100) < lossPercent);
    const lost = order.filter((_, n) => isLost[n]);
    yield {
      description: `in the order ${order.join(',')}, with ${lost.join(',')} lost at first`,
      deliver: async (events, send) => {
        for (const place of order) {
          const event = events[place];
          if (event !== undefined && !lost.includes(place)) await sendExpecting200(send, event);
        }
        const missing = events.filter((_, place) => lost.includes(place));
        await recover(dice.shuffle(missing), send);
      },
    };
  }
}
