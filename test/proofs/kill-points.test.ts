import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Cut } from '../support/postgres-proxy.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { diceFor, isFull, patienceMs, wanted } from './stage/effort.js';
import { acknowledged, Judge, type Way } from './stage/judge.js';
import { startMortal, type Mortal } from './stage/mortal.js';
import { Stage } from './stage/stage.js';

/** `kill -9` of a real process at any statement, around the commit above all; then Stripe comes again, to another process. */
let stage: Stage;
let nextMortal: Promise<Mortal>;
beforeAll(async () => {
  stage = await Stage.open({ daysRoundedTo: 0.05 });
  nextMortal = startMortal(stage.world);
});
afterAll(async () => {
  await (await nextMortal).end();
  await stage.close();
});

const onEveryChange = 'credit note to the balance, voided';

it(
  'a process that is killed at any statement loses nothing and doubles nothing',
  async () => {
    const judge = new Judge(stage, 'kills');
    const chosen = wanted(histories).filter(({ name }) => isFull || name === onEveryChange);
    await judge.sameEnd(chosen, async (history) => (await pointsOf(history)).map(tellWithKill), 1);
    await judge.finish();
  },
  patienceMs,
);

/** Both sides of every commit; at full size of every statement, by chance, since time may run out. */
async function pointsOf(history: History): Promise<Cut[]> {
  const mortal = await fresh();
  mortal.dieAt();
  await stage.play(history, async (events) => {
    for (const event of events) expect(await mortal.take(event)).toBe(true);
  });
  const points = mortal.passed.flatMap((statement, at) =>
    isFull || statement.startsWith('COMMIT')
      ? [
          { at, before: true },
          { at, before: false },
        ]
      : [],
  );
  await mortal.end();
  return isFull ? diceFor(`kills of ${history.name}`).shuffled(points) : points;
}

function tellWithKill(point: Cut): Way {
  return {
    words: `with a process killed ${point.before ? 'before' : 'after'} statement ${point.at}`,
    telling: async (events, send) => {
      const mortal = await fresh();
      mortal.dieAt(point);
      const lost: StripeEvent[] = [];
      for (const event of events) if (!(await mortal.take(event))) lost.push(event);
      if (!mortal.isDead || lost.length === 0) throw new Error(`Nobody died at statement ${point.at}`);
      await mortal.end();
      for (const event of lost) await acknowledged(send, event);
    },
  };
}

/** The process that is ready; the next one gets ready meanwhile. */
async function fresh(): Promise<Mortal> {
  const mortal = await nextMortal;
  stage.world.clock.set(new Date()); // the process has the machine’s clock
  nextMortal = startMortal(stage.world);
  return mortal;
}
