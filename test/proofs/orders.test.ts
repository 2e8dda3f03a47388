import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { diceFor, onlyOrder, patienceMs, pick, wanted } from './stage/effort.js';
import { Judge, tellAtOnce, tellInOrder, type Way } from './stage/judge.js';
import { duplications, permutations, shuffles } from './stage/orders.js';
import { Stage } from './stage/stage.js';

/** However Stripe tells a history, it comes to the same. */
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Up to so many events, every order there is; beyond, so many by chance. */
const everyOrderUpTo = pick(5, 7);
const ordersByChance = pick(200, 5_000);

it('in every order', () => proven('orders', ({ name }, count) => ordersOf(name, count)), patienceMs);

it(
  'with each event told twice, at every later moment',
  () => proven('duplications', (_, count) => map(duplications(count), tellInOrder)),
  patienceMs,
);

it(
  'with many told at the same time, each of them twice',
  () => proven('at once', ({ name }, count) => crowdsOf(name, count)),
  patienceMs,
);

async function proven(
  what: string,
  waysOf: (history: History, count: number) => Iterable<Way>,
): Promise<void> {
  const judge = new Judge(stage, what);
  const chosen = wanted(histories);
  expect(chosen.length).toBeGreaterThan(0);
  await judge.sameEnd(chosen, waysOf);
  await judge.finish();
}

function ordersOf(name: string, count: number): Iterable<Way> {
  if (onlyOrder !== null) return [tellInOrder(onlyOrder)];
  const dice = diceFor(`orders of ${name}`);
  const orders = count <= everyOrderUpTo ? permutations(count) : shuffles(count, ordersByChance, dice);
  return map(orders, tellInOrder);
}

function* crowdsOf(name: string, count: number): Iterable<Way> {
  const dice = diceFor(`crowds of ${name}`);
  for (const order of shuffles(count, pick(5, 200), dice)) {
    const twice = dice.shuffled([...order, ...order]);
    yield tellAtOnce(twice, 2 + dice.below(15));
  }
}

function* map<From, To>(things: Iterable<From>, change: (thing: From) => To): Generator<To> {
  for (const thing of things) yield change(thing);
}
