import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { isTimeUp, timeoutMs, bySize, logProgress, seed } from '../proofs/harness/test-budget.js';
import type { Fault } from '../support/stripe-proxy.js';
import { createSandboxWorld, type SandboxWorld } from '../support/sandbox-world.js';
import { daySeconds, subscriptionSteps } from '../support/subscription-steps.js';

/**
 * Credit that comes and goes while jobs put one charge off and bring it back, all at once, over a
 * network that delays and loses, beside news from Stripe and an end of the subscription: the charge
 * is put off by exactly what is left, or that is credit.
 */
let stand: SandboxWorld;
const { subscriber, chargeOf, usefulDays, give, revoke, deferrals } = subscriptionSteps(() => stand);
beforeAll(async () => {
  stand = await createSandboxWorld({ creditDelivery: 'defer_billing' });
});
afterEach(stopFaults);
afterAll(() => stand.close());

interface Credit {
  days: number;
  /** When the jobs that put the charge off begin, in ms: a job may run twice. */
  jobs: number[];
  /** When it is taken back, in ms. */
  revokedAfter: number | null;
}

const moment = fc.integer({ min: 0, max: 150 });
const credit: fc.Arbitrary<Credit> = fc.record({
  days: fc.integer({ min: 1, max: 40 }),
  jobs: fc.array(moment, { minLength: 1, maxLength: 2 }),
  revokedAfter: fc.option(moment),
});
const way = fc.record({
  delayMs: fc.constantFrom(0, 0, 0, 5, 20, 80),
  fault: fc.constantFrom<(Fault | null)[]>(...Array<null>(12).fill(null), 'answer lost', 'question lost'),
});

const numRuns = bySize(25, 5_000);

it(
  `whatever overtakes what, the charge is put off by what is left (${numRuns} times, seed ${seed})`,
  async () => {
    let times = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(credit, { minLength: 2, maxLength: 4 }),
        fc.array(way, { minLength: 1, maxLength: 30 }),
        fc.record({ told: fc.array(moment, { maxLength: 2 }), endsAfter: fc.option(moment, { freq: 2 }) }),
        async (credits, ways, { told, endsAfter }) => {
          if (isTimeUp()) return;
          const { person, id, paidUntil } = await subscriber();
          const entries = await sequentially(credits, ({ days }) => give(person, days));
          injectFaults(ways);
          await Promise.allSettled([
            ...told.map((at) => pause(at).then(() => stand.deliverEvents())),
            ...(endsAfter === null
              ? []
              : [pause(endsAfter).then(() => stand.stripe.subscriptions.cancel(id))]),
            ...credits.flatMap(({ jobs, revokedAfter }, index) => {
              const entryId = entries[index] ?? '';
              return [
                ...jobs.map((at) => pause(at).then(() => deferrals().deferNextCharge(entryId, person.id))),
                ...(revokedAfter === null ? [] : [pause(revokedAfter).then(() => takeBack(entryId))]),
              ];
            }),
          ]);
          stopFaults();
          for (let round = 0; round < 2; round++) {
            await stand.world.runHandlers();
            await stand.deliverEvents();
          }
          await stand.world.runHandlers();
          const left = credits.reduce(
            (sum, { days, revokedAfter }) => sum + (revokedAfter === null ? days : 0),
            0,
          );
          const { status } = await stand.stripe.subscriptions.retrieve(id);
          expect(status === 'canceled').toBe(endsAfter !== null);
          if (endsAfter === null) expect(((await chargeOf(id)) - paidUntil) / daySeconds).toBe(left);
          // days that a subscription which ended did not live to use up are credit again
          expect(Math.round(await usefulDays(person))).toBe(endsAfter === null ? 0 : left);
          expect(await stand.world.see.discrepancies()).toEqual([]);
          times++;
        },
      ),
      { numRuns, seed },
    );
    logProgress(`${times} charges put off and brought back at once, seed ${seed}`);
  },
  timeoutMs,
);

async function takeBack(entryId: string): Promise<void> {
  await revoke(entryId);
  await deferrals().revertDeferrals([entryId]);
}

/** One question to Stripe after the other meets one of `ways`. */
function injectFaults(ways: { delayMs: number; fault: Fault | null }[]): void {
  let asked = 0;
  const next = () => ways[asked++ % ways.length];
  let now = next();
  stand.proxy.fault = () => (now = next())?.fault ?? null;
  stand.proxy.beforeRequest = () => pause(now?.delayMs ?? 0);
}

function stopFaults(): void {
  stand.proxy.fault = () => null;
  stand.proxy.beforeRequest = () => Promise.resolve();
}

async function sequentially<Item, Made>(items: Item[], make: (item: Item) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}
