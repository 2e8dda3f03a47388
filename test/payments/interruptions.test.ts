import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableEmails } from '../proofs/harness/history-runner.js';
import { startKillableProcess, type KillableProcess } from '../proofs/harness/killable-process.js';
import { bySize, isTimeUp, randomFor, timeoutMs } from '../proofs/harness/test-budget.js';
import { day } from '../proofs/histories/history.js';
import { paddleSecret } from '../support/paddle-payloads.js';
import { startProxy, type ConnectionCut, type PostgresProxy } from '../support/postgres-proxy.js';
import { readFinalState, type FinalState } from './harness/final-state.js';
import { histories, type ReportedHistory, type Step } from './harness/histories.js';
import { byStripe, senders, type HistoryPeople, type Send } from './harness/senders.js';
import { createReportsWorld, type ReportsWorld, type SendRequest } from './reports-world.js';

/** Each history in both orders: the payment is applied when it comes, or waits for its person. */
const interrupted = [paymentLast, paymentFirst].flatMap((order) =>
  [
    'full refund',
    'dispute that is won of a payment that was refunded',
    'subscription that is late, then ends',
  ].map((name) => order(histories.find((history) => history.name === name) as ReportedHistory)),
);
const paddleWebhookSecrets = [paddleSecret];

/** All deliveries begin at the same moment. */
async function createPeople(world: ReportsWorld, startsAt = beginOf(world)): Promise<HistoryPeople> {
  return { inviter: await world.person(), payer: world.newId('payer'), startsAt };
}

function beginOf(world: ReportsWorld): number {
  return Math.floor(world.clock.now().getTime() / 1000) - 10 * day;
}

/** The last step waits for its payment, unless it is about a subscription. */
function paymentLast({ name, steps, ...more }: ReportedHistory): ReportedHistory {
  const [person, payment, ...rest] = steps as [Step, Step, ...Step[]];
  return {
    ...more,
    name: `${name}; the payment after what became of it`,
    steps: [...rest.slice(-1), person, payment, ...rest.slice(0, -1)],
  };
}

function paymentFirst({ name, steps, ...more }: ReportedHistory): ReportedHistory {
  const [person, payment, ...rest] = steps as [Step, Step, ...Step[]];
  return {
    ...more,
    name: `${name}; the payment before its person`,
    steps: [payment, ...rest.slice(-1), person, ...rest.slice(0, -1)],
  };
}

async function sendAll({ steps }: ReportedHistory, sendStep: Send): Promise<void> {
  for (const step of steps) await sendStep(step);
}

async function finalStateOf(
  world: ReportsWorld,
  people: HistoryPeople,
  digits?: number,
): Promise<FinalState> {
  await world.runHandlers();
  return readFinalState(world.sql, people, {
    now: world.clock.now(),
    ...(digits !== undefined && { digits }),
  });
}

/** One cut of the delivery of a history, and what the history comes to in spite of it. */
interface InterruptedDelivery {
  history: ReportedHistory;
  cut: ConnectionCut;
  expected: FinalState;
}

/** Every cut of every history, in turns and in no order. */
async function cutsOf(
  use: string,
  planOf: (history: ReportedHistory) => Promise<{ statements: number; expected: FinalState }>,
): Promise<InterruptedDelivery[]> {
  const dice = randomFor(use);
  const cuts: InterruptedDelivery[][] = [];
  for (const history of interrupted) {
    const { statements, expected } = await planOf(history);
    expect(statements).toBeGreaterThan(20);
    const all = Array.from({ length: statements }, (_, at) => [
      { at, before: true },
      { at, before: false },
    ]).flat();
    cuts.push(dice.shuffle(all).map((cut) => ({ history, cut, expected })));
  }
  const most = Math.max(...cuts.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => cuts.flatMap((own) => own[turn] ?? [])).flat();
}

async function finalStateByStripe(
  world: ReportsWorld,
  history: ReportedHistory,
  { startsAt = beginOf(world), digits }: { startsAt?: number; digits?: number } = {},
): Promise<FinalState> {
  const people = await createPeople(world, startsAt);
  await sendAll(history, byStripe(people, world, world.send));
  return finalStateOf(world, people, digits);
}

describe('a connection that breaks at any statement', () => {
  let world: ReportsWorld;
  let proxy: PostgresProxy;
  let enableEmails: () => void;
  beforeAll(async () => {
    world = await createReportsWorld(
      { paddleWebhookSecrets },
      async (url) => (proxy = await startProxy(url)).url,
    );
    enableEmails = disableEmails(world);
  });
  afterAll(async () => {
    enableEmails();
    await world.close();
    await proxy.close();
  });

  it.each(senders)(
    'loses nothing and doubles nothing of what is reported by $name',
    async ({ name, sender }) => {
      const cuts = await cutsOf(`cuts of reports by ${name}`, async (history) => {
        const expected = await finalStateByStripe(world, history);
        const people = await createPeople(world);
        proxy.cutAt();
        await sendAll(history, sender(people, world, world.send));
        const { length } = proxy.statements;
        expect(await finalStateOf(world, people)).toEqual(expected);
        return { statements: length, expected };
      });
      for (const { history, cut, expected } of cuts.slice(0, bySize(24, cuts.length))) {
        if (isTimeUp()) break;
        const people = await createPeople(world);
        proxy.cutAt(cut);
        let refused = 0;
        const sendAgain: SendRequest = async (request) => {
          const answer = await world.send(request);
          if (answer.status !== 503) return answer;
          refused++;
          proxy.cutAt();
          return world.send(request);
        };
        await sendAll(history, sender(people, world, sendAgain));
        expect([history.name, cut, refused]).toEqual([history.name, cut, 1]);
        const finalState = await finalStateOf(world, people);
        expect([history.name, cut, finalState]).toEqual([history.name, cut, expected]);
      }
      expect(await world.see.count(`billing.inbox WHERE failures > 0`)).toBe(0);
      expect(await world.see.discrepancies()).toEqual([]);
    },
    timeoutMs,
  );
});

describe('a process that is killed at any statement', () => {
  let world: ReportsWorld;
  beforeAll(async () => {
    world = await createReportsWorld({ paddleWebhookSecrets });
    world.clock.set(new Date());
  });
  afterAll(() => world.close());

  /** Sends to a process; another one takes over what it does not answer. */
  function sendTo(app: KillableProcess): SendRequest {
    return async (request) => {
      const { path, method, headers, payload } = request;
      const sent = { method, headers, ...(payload !== undefined && { body: payload }) };
      const answer = app.isKilled ? null : await fetch(`${app.url}${path}`, sent).catch(() => null);
      return answer?.ok ? { status: answer.status, body: {} } : world.send(request);
    };
  }

  it.each(senders)(
    'loses nothing and doubles nothing of what is reported by $name',
    async ({ name, sender }) => {
      world.clock.set(new Date());
      const startsAt = beginOf(world);
      let app = await startKillableProcess(world);
      const cuts = await cutsOf(`kills of reports by ${name}`, async (history) => {
        const expected = await finalStateByStripe(world, history, { startsAt, digits: 1 });
        app.killAt();
        await sendAll(history, sender(await createPeople(world, startsAt), world, sendTo(app)));
        return { statements: app.statements.length, expected };
      });
      let kills = 0;
      for (const { history, cut, expected } of cuts) {
        if (isTimeUp() || kills === bySize(3, cuts.length)) break;
        const people = await createPeople(world, startsAt);
        app.killAt(cut);
        await sendAll(history, sender(people, world, sendTo(app)));
        // what is done now and then, such as storing that a key was used, moves the last ones
        if (app.isKilled) {
          kills++;
          await app.stop();
          app = await startKillableProcess(world);
        }
        world.clock.set(new Date());
        const finalState = await finalStateOf(world, people, 1);
        expect([history.name, cut, finalState]).toEqual([history.name, cut, expected]);
      }
      await app.stop();
      if (!isTimeUp()) expect(kills).toBeGreaterThan(0);
      expect(await world.see.discrepancies()).toEqual([]);
    },
    timeoutMs,
  );
});
