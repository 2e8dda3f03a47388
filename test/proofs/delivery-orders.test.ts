import { afterAll, beforeAll, expect, it } from 'vitest';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { randomFor, onlyOrder, timeoutMs, bySize, selected } from './harness/test-budget.js';
import {
  InvarianceChecker,
  deliverConcurrently,
  deliverInOrder,
  type DeliveryPlan,
} from './harness/invariance-checker.js';
import { duplications, permutations, shuffles } from './harness/orders.js';
import { HistoryRunner } from './harness/history-runner.js';

/** However Stripe reports a history, it comes to the same. */
let runner: HistoryRunner;
beforeAll(async () => {
  runner = await HistoryRunner.open();
});
afterAll(() => runner.close());

/** Up to so many events, every order there is; beyond, so many by chance. */
const allOrdersUpTo = bySize(4, 7);
const randomOrderCount = bySize(10, 5_000);

it('in every order', () => checkAll('orders', ({ name }, count) => ordersFor(name, count)), timeoutMs);

it(
  'with each event reported twice, at every later moment',
  () => checkAll('duplications', (_, count) => map(duplications(count), deliverInOrder)),
  timeoutMs,
);

it(
  'with many reported at the same time, each of them twice',
  () => checkAll('at once', ({ name }, count) => concurrentDeliveries(name, count)),
  timeoutMs,
);

async function checkAll(
  what: string,
  waysOf: (history: History, count: number) => Iterable<DeliveryPlan>,
): Promise<void> {
  const invarianceChecker = new InvarianceChecker(runner, what);
  const chosen = selected(histories);
  expect(chosen.length).toBeGreaterThan(0);
  await invarianceChecker.expectSameFinalState(chosen, waysOf);
  await invarianceChecker.finish();
}

function ordersFor(name: string, count: number): Iterable<DeliveryPlan> {
  if (onlyOrder !== null) return [deliverInOrder(onlyOrder)];
  const dice = randomFor(`orders of ${name}`);
  const orders = count <= allOrdersUpTo ? permutations(count) : shuffles(count, randomOrderCount, dice);
  return map(orders, deliverInOrder);
}

function* concurrentDeliveries(name: string, count: number): Iterable<DeliveryPlan> {
  const dice = randomFor(`crowds of ${name}`);
  for (const order of shuffles(count, bySize(2, 200), dice)) {
    const twice = dice.shuffle([...order, ...order]);
    yield deliverConcurrently(twice, 2 + dice.integerBelow(15));
  }
}

function* map<From, To>(things: Iterable<From>, change: (thing: From) => To): Generator<To> {
  for (const thing of things) yield change(thing);
}
