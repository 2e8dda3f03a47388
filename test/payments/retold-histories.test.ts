import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableEmails } from '../proofs/harness/history-runner.js';
import { originalOrder, permutations, shuffles, duplications, type Order } from '../proofs/harness/orders.js';
import {
  bySize,
  isTimeUp,
  logProgress,
  randomFor,
  seed,
  selected,
  timeoutMs,
} from '../proofs/harness/test-budget.js';
import { day } from '../proofs/histories/history.js';
import { deliver } from './harness/deliveries.js';
import { readFinalState, type FinalState } from './harness/final-state.js';
import { histories, type ReportedHistory, type Step } from './harness/histories.js';
import { byStripe, senders, type HistoryPeople, type Send, type Sender } from './harness/senders.js';
import { paddleSecret } from '../support/paddle-payloads.js';
import { createReportsWorld, type ReportsWorld } from './reports-world.js';

/** However a history is reported, it comes to what it comes to when Stripe reports it in order. */
let world: ReportsWorld;
let enableEmails: () => void;
const expected = new Map<string, FinalState>();

beforeAll(async () => {
  world = await createReportsWorld({ databasePoolMax: 40, paddleWebhookSecrets: [paddleSecret] });
  enableEmails = disableEmails(world);
});
afterAll(async () => {
  enableEmails();
  await world.close();
});

/** One way in which a history is reported. */
interface Plan {
  description: string;
  play(steps: ReportedHistory['steps'], sendStep: Send): Promise<void>;
}

const playsAtOnce = 6;

it('through Stripe each history comes to its days', async () => {
  for (const history of selected(histories))
    expect(daysOf(await expectedOf(history)), history.name).toEqual(history.days);
});

describe.each(senders)('reported by $name', ({ name, sender }) => {
  it('in the order in which it happened', () =>
    check(sender, `reports in their order by ${name}`, (_, count) => [inOrder(originalOrder(count))]));

  it(
    'every order of up to five reports',
    () =>
      check(sender, `orders of reports by ${name}`, (history, count) => {
        const all = [...permutations(count)].slice(1);
        const some = randomFor(`reports by ${name} of ${history.name}`)
          .shuffle(all)
          .slice(0, bySize(6, all.length));
        return (history.name === fullyOrdered ? all : some).map(inOrder);
      }),
    timeoutMs,
  );

  it(
    'each report twice, at every later moment',
    () =>
      check(sender, `repeated reports by ${name}`, (_, count) =>
        [...duplications(count)].slice(0, bySize(4, 1000)).map(inOrder),
      ),
    timeoutMs,
  );

  it(
    '2 to 16 at once, each of them twice',
    () =>
      check(sender, `reports at once by ${name}`, (history, count) => {
        const dice = randomFor(`crowds of reports by ${name} of ${history.name}`);
        return [...shuffles(count, bySize(3, 200), dice)].map((order) =>
          atOnce(dice.shuffle([...order, ...order]), 2 + dice.integerBelow(15)),
        );
      }),
    timeoutMs,
  );

  it(
    '30 % lost, and repeated later',
    () =>
      check(sender, `lost reports by ${name}`, (history, count) => {
        const dice = randomFor(`losses of reports by ${name} of ${history.name}`);
        return [...shuffles(count, bySize(3, 200), dice)].map((order) => {
          const lost = order.filter(() => dice.integerBelow(100) < 30);
          return inOrder([...order.filter((place) => !lost.includes(place)), ...dice.shuffle(lost)]);
        });
      }),
    timeoutMs,
  );
});

const fullyOrdered = 'refund that failed, of a payment before a renewal';

async function check(
  sender: Sender,
  what: string,
  plansOf: (history: ReportedHistory, count: number) => readonly Plan[],
): Promise<void> {
  let plays = 0;
  for (const history of selected(histories))
    plays += await compare(sender, history, plansOf(history, history.steps.length));
  expect(await world.see.discrepancies()).toEqual([]);
  logProgress(
    `${what}: ${selected(histories).length} histories, ${plays} runs, all as by Stripe, seed ${seed}`,
  );
}

/** Answers how many ways were played. */
async function compare(sender: Sender, history: ReportedHistory, plans: readonly Plan[]): Promise<number> {
  const expected = await expectedOf(history);
  let plays = 0;
  for (let from = 0; from < plans.length && !isTimeUp(); from += playsAtOnce) {
    const some = plans.slice(from, from + playsAtOnce);
    const finalStates = await playAll(history, some, sender);
    for (const [index, is] of finalStates.entries())
      if (!isDeepStrictEqual(is, expected))
        throw new Error(
          `"${history.name}" reported ${some[index]?.description}, seed ${seed}:\n  should be ${JSON.stringify(expected)}\n  is        ${JSON.stringify(is)}`,
        );
    plays += some.length;
  }
  return plays;
}

/** What the history comes to through Stripe. */
async function expectedOf(history: ReportedHistory): Promise<FinalState> {
  const known = expected.get(history.name);
  if (known !== undefined) return known;
  const [finalState = {}] = await playAll(history, [inOrder(originalOrder(history.steps.length))], byStripe);
  expected.set(history.name, finalState);
  return finalState;
}

/** Plays a history in all these ways at once, each with its own people, until all has followed. */
async function playAll(
  { steps }: ReportedHistory,
  plans: readonly Plan[],
  sender: Sender,
): Promise<FinalState[]> {
  const casts = await Promise.all(
    plans.map(async (plan) => {
      const people = await createPeople();
      await plan.play(steps, sender(people, world, world.sendUntilCommitted));
      return people;
    }),
  );
  await world.runHandlers();
  return Promise.all(casts.map((people) => readFinalState(world.sql, people, { now: world.clock.now() })));
}

async function createPeople(): Promise<HistoryPeople> {
  return {
    inviter: await world.person(),
    payer: world.newId('payer'),
    startsAt: Math.floor(world.clock.now().getTime() / 1000) - 10 * day,
  };
}

function inOrder(order: Order): Plan {
  return { ...atOnce(order, 1), description: `in the order ${order.join(',')}` };
}

function atOnce(order: Order, width: number): Plan {
  return {
    description: `${width} at once of ${order.join(',')}`,
    play: (steps, sendStep) => deliver(order, width, (place) => sendStep(steps[place] as Step)),
  };
}

function daysOf(finalState: FinalState): number[] {
  const accounts = finalState.accounts as unknown[][];
  return accounts.map((account) => Number(account.at(-1)));
}
