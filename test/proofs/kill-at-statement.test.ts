import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionCut } from '../support/postgres-proxy.js';
import type { StripeEvent } from '../support/stripe-payloads.js';
import { histories } from './histories/all.js';
import type { History } from './histories/history.js';
import { randomFor, isFullSize, timeoutMs, selected } from './harness/test-budget.js';
import { sendExpecting200, InvarianceChecker, type DeliveryPlan } from './harness/invariance-checker.js';
import { startKillableProcess, type KillableProcess } from './harness/killable-process.js';
import { HistoryRunner } from './harness/history-runner.js';

/**
 * `kill -9` of a real process at any statement, around the commit above all; then Stripe comes
 * again, to another process.
 */
let runner: HistoryRunner;
let nextProcess: Promise<KillableProcess>;
beforeAll(async () => {
  runner = await HistoryRunner.open({ daysRoundedTo: 0.05 });
  nextProcess = startKillableProcess(runner.world);
});
afterAll(async () => {
  await (await nextProcess).stop();
  await runner.close();
});

const historyOnEveryChange = 'credit note to the balance, voided';

it(
  'a process that is killed at any statement loses nothing and doubles nothing',
  async () => {
    const invarianceChecker = new InvarianceChecker(runner, 'kills');
    const chosen = selected(histories).filter(({ name }) => isFullSize || name === historyOnEveryChange);
    await invarianceChecker.expectSameFinalState(
      chosen,
      async (history) => (await listKillPoints(history)).map(deliverWithKill),
      1,
    );
    await invarianceChecker.finish();
  },
  timeoutMs,
);

/**
 * Both sides of every commit; at full size of every statement, by chance, since time may run out.
 */
async function listKillPoints(history: History): Promise<ConnectionCut[]> {
  const mortal = await nextKillableProcess();
  mortal.killAt();
  await runner.run(history, async (events) => {
    for (const event of events) expect(await mortal.deliver(event)).toBe(true);
  });
  const points = mortal.statements.flatMap((statement, at) =>
    isFullSize || statement.startsWith('COMMIT')
      ? [
          { at, before: true },
          { at, before: false },
        ]
      : [],
  );
  await mortal.stop();
  return isFullSize ? randomFor(`kills of ${history.name}`).shuffle(points) : points;
}

function deliverWithKill(point: ConnectionCut): DeliveryPlan {
  return {
    description: `with a process killed ${point.before ? 'before' : 'after'} statement ${point.at}`,
    deliver: async (events, send) => {
      const mortal = await nextKillableProcess();
      mortal.killAt(point);
      const lost: StripeEvent[] = [];
      for (const event of events) if (!(await mortal.deliver(event))) lost.push(event);
      if (!mortal.isKilled || lost.length === 0) throw new Error(`No process died at statement ${point.at}`);
      await mortal.stop();
      for (const event of lost) await sendExpecting200(send, event);
    },
  };
}

/** The process that is ready; the next one gets ready meanwhile. */
async function nextKillableProcess(): Promise<KillableProcess> {
  const mortal = await nextProcess;
  runner.world.clock.set(new Date()); // the process has the machine’s clock
  nextProcess = startKillableProcess(runner.world);
  return mortal;
}
