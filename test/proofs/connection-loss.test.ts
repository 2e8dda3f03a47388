import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeliveryResult } from '../support/when.js';
import { startProxy, type ConnectionCut, type PostgresProxy } from '../support/postgres-proxy.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { randomFor, isFullSize, timeoutMs, selected } from './harness/test-budget.js';
import {
  sendExpecting200,
  InvarianceChecker,
  deliverInOrder,
  type DeliveryPlan,
} from './harness/invariance-checker.js';
import { originalOrder } from './harness/orders.js';
import { HistoryRunner, type Send } from './harness/history-runner.js';

/**
 * The connection to the database breaks at any statement, before it arrives or before its answer
 * does; then Stripe comes again.
 */
let runner: HistoryRunner;
let proxy: PostgresProxy;
beforeAll(async () => {
  const route = async (databaseUrl: string) => (proxy = await startProxy(databaseUrl)).url;
  runner = await HistoryRunner.open({ route });
});
afterAll(async () => {
  await runner.close();
  await proxy.close();
});

/**
 * On every change: each statement of this history, by turns before and after it, and one of each of
 * the others.
 */
const fullyCutHistory = 'credit note to the balance, voided';
const cutsPerOtherHistory = 1;

it(
  'a connection that breaks at any statement loses nothing and doubles nothing',
  async () => {
    const invarianceChecker = new InvarianceChecker(runner, 'cuts');
    const cuts = async (history: History, count: number) =>
      (await listCuts(history, count)).map(deliverWithCut);
    await invarianceChecker.expectSameFinalState(selected(histories), cuts, 1);
    await invarianceChecker.finish();
    expect(await runner.world.see.count(`billing.inbox WHERE failures > 0`)).toBe(0);
  },
  timeoutMs,
);

async function listCuts(history: History, count: number): Promise<ConnectionCut[]> {
  proxy.cutAt();
  const counted = { statements: 0 };
  await runner.run(history, async (events, send) => {
    await deliverInOrder(originalOrder(count)).deliver(events, send);
    counted.statements = proxy.statements.length;
  });
  const cuts = originalOrder(counted.statements).flatMap((at) => [
    { at, before: true },
    { at, before: false },
  ]);
  if (isFullSize) return randomFor(`cuts of ${history.name}`).shuffle(cuts);
  return history.name === fullyCutHistory
    ? cuts.filter(({ at, before }) => (at % 2 === 0) === before)
    : randomFor(`cuts of ${history.name}`).shuffle(cuts).slice(0, cutsPerOtherHistory);
}

function deliverWithCut(cut: ConnectionCut): DeliveryPlan {
  return {
    description: `with the connection cut ${cut.before ? 'before' : 'after'} statement ${cut.at}`,
    deliver: async (events, send) => {
      proxy.cutAt(cut);
      const refused: StripeEvent[] = [];
      for (const event of events) if (!(await isAcknowledged(event, send))) refused.push(event);
      if (!proxy.isCut || refused.length !== 1)
        throw new Error(`The cut at ${cut.at} refused ${refused.length} events`);
      proxy.cutAt();
      for (const event of refused) await sendExpecting200(send, event);
    },
  };
}

/** A broken connection is never our own failure: Stripe is asked to come again. */
async function isAcknowledged(event: StripeEvent, send: Send): Promise<boolean> {
  const answer: DeliveryResult = await send(event);
  if (answer.status !== 200 && answer.status !== 503)
    throw new Error(`${event.type} was answered ${answer.status}`);
  return answer.status === 200;
}
