import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Answered } from '../support/when.js';
import { proxyTo, type Cut, type PostgresProxy } from '../support/postgres-proxy.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { diceFor, isFull, patienceMs, wanted } from './stage/effort.js';
import { acknowledged, Judge, tellInOrder, type Way } from './stage/judge.js';
import { inOrder } from './stage/orders.js';
import { Stage, type Send } from './stage/stage.js';

/** The connection to the database breaks at any statement, before it arrives or before its answer does; then Stripe comes again. */
let stage: Stage;
let road: PostgresProxy;
beforeAll(async () => {
  const route = async (databaseUrl: string) => (road = await proxyTo(databaseUrl)).url;
  stage = await Stage.open({ route });
});
afterAll(async () => {
  await stage.close();
  await road.close();
});

/** On every change: each statement of this history, and a few of each of the others. */
const everyStatementOf = 'credit note to the balance, voided';
const fewOfTheOthers = 2;

it(
  'a connection that breaks at any statement loses nothing and doubles nothing',
  async () => {
    const judge = new Judge(stage, 'cuts');
    const cuts = async (history: History, count: number) => (await cutsOf(history, count)).map(tellWithCut);
    await judge.sameEnd(wanted(histories), cuts, 1);
    await judge.finish();
    expect(await stage.world.see.count(`billing.inbox WHERE failures > 0`)).toBe(0);
  },
  patienceMs,
);

async function cutsOf(history: History, count: number): Promise<Cut[]> {
  road.arm();
  const counted = { statements: 0 };
  await stage.play(history, async (events, send) => {
    await tellInOrder(inOrder(count)).telling(events, send);
    counted.statements = road.passed.length;
  });
  const cuts = inOrder(counted.statements).flatMap((at) => [
    { at, before: true },
    { at, before: false },
  ]);
  const isWhole = isFull || history.name === everyStatementOf;
  return diceFor(`cuts of ${history.name}`)
    .shuffled(cuts)
    .slice(0, isWhole ? cuts.length : fewOfTheOthers);
}

function tellWithCut(cut: Cut): Way {
  return {
    words: `with the connection cut ${cut.before ? 'before' : 'after'} statement ${cut.at}`,
    telling: async (events, send) => {
      road.arm(cut);
      const refused: StripeEvent[] = [];
      for (const event of events) if (!(await isTaken(event, send))) refused.push(event);
      if (!road.isCut || refused.length !== 1)
        throw new Error(`The cut at ${cut.at} refused ${refused.length} events`);
      road.arm();
      for (const event of refused) await acknowledged(send, event);
    },
  };
}

/** A broken connection is never our own failure: Stripe is asked to come again. */
async function isTaken(event: StripeEvent, send: Send): Promise<boolean> {
  const answer: Answered = await send(event);
  if (answer.status !== 200 && answer.status !== 503)
    throw new Error(`${event.type} was answered ${answer.status}`);
  return answer.status === 200;
}
