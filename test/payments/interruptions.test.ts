import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableEmails } from '../proofs/harness/history-runner.js';
import { startKillableProcess, type KillableProcess } from '../proofs/harness/killable-process.js';
import { bySize, isTimeUp, randomFor, timeoutMs } from '../proofs/harness/test-budget.js';
import { day } from '../proofs/histories/history.js';
import { startProxy, type ConnectionCut, type PostgresProxy } from '../support/postgres-proxy.js';
import { readFinalState, type FinalState } from './harness/final-state.js';
import { histories, type ReportedHistory } from './harness/histories.js';
import { reporter, stripeSender, type HistoryPeople, type Send } from './harness/senders.js';
import { createReportsWorld, type Answer, type ReportsWorld } from './reports-world.js';

const history = histories.find(({ name }) => name === 'full refund') as ReportedHistory;

/** All deliveries begin at the same moment. */
async function createPeople(world: ReportsWorld, startsAt = beginOf(world)): Promise<HistoryPeople> {
  return { inviter: await world.person(), payer: world.newId('payer'), startsAt };
}

function beginOf(world: ReportsWorld): number {
  return Math.floor(world.clock.now().getTime() / 1000) - 10 * day;
}

async function sendAll(sendStep: Send): Promise<void> {
  // the refund comes before its payment, so that it is parked and retried
  const [person, payment, pending, succeeded] = history.steps as [
    ReportedHistory['steps'][number],
    ReportedHistory['steps'][number],
    ReportedHistory['steps'][number],
    ReportedHistory['steps'][number],
  ];
  for (const step of [payment, succeeded, person, pending]) await sendStep(step);
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

/** Every cut of a delivery with so many statements, in no order. */
function cutsOf(statements: number, use: string): ConnectionCut[] {
  const all = Array.from({ length: statements }, (_, at) => [
    { at, before: true },
    { at, before: false },
  ]).flat();
  return randomFor(use).shuffle(all);
}

describe('a connection that breaks at any statement', () => {
  let world: ReportsWorld;
  let proxy: PostgresProxy;
  let enableEmails: () => void;
  beforeAll(async () => {
    world = await createReportsWorld({}, async (url) => (proxy = await startProxy(url)).url);
    enableEmails = disableEmails(world);
  });
  afterAll(async () => {
    enableEmails();
    await world.close();
    await proxy.close();
  });

  it(
    'loses nothing and doubles nothing of what is reported',
    async () => {
      const viaStripe = await createPeople(world);
      await sendAll(stripeSender(viaStripe, world));
      const expected = await finalStateOf(world, viaStripe);
      const counted = await createPeople(world);
      proxy.cutAt();
      await sendAll(reporter(counted, world.put));
      const { length } = proxy.statements;
      expect(await finalStateOf(world, counted)).toEqual(expected);
      expect(length).toBeGreaterThan(20);
      for (const cut of cutsOf(length, 'cuts of reports').slice(0, bySize(12, 2 * length))) {
        if (isTimeUp()) break;
        const people = await createPeople(world);
        proxy.cutAt(cut);
        let refused = 0;
        const put = async (path: string, body: object): Promise<Answer> => {
          const answer = await world.put(path, body);
          if (answer.status !== 503) return answer;
          refused++;
          proxy.cutAt();
          return world.put(path, body);
        };
        await sendAll(reporter(people, put));
        expect([cut, refused]).toEqual([cut, 1]);
        expect([cut, await finalStateOf(world, people)]).toEqual([cut, expected]);
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
    world = await createReportsWorld();
    world.clock.set(new Date());
  });
  afterAll(() => world.close());

  /** Reports to a process; another one takes over what it does not answer. */
  function reportTo(app: KillableProcess) {
    const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
    return async (path: string, body: object): Promise<Answer> => {
      const request = { method: 'PUT', headers, body: JSON.stringify(body) };
      const answer = app.isKilled
        ? null
        : await fetch(`${app.url}/api/v1/${path}`, request).catch(() => null);
      return answer?.ok ? { status: answer.status, body: {} } : world.put(path, body);
    };
  }

  async function countStatements(startsAt: Parameters<typeof createPeople>[1]): Promise<number> {
    const app = await startKillableProcess(world);
    app.killAt();
    await sendAll(reporter(await createPeople(world, startsAt), reportTo(app)));
    const { length } = app.statements;
    await app.stop();
    return length;
  }

  it(
    'loses nothing and doubles nothing of what is reported',
    async () => {
      const startsAt = beginOf(world);
      const viaStripe = await createPeople(world, startsAt);
      await sendAll(stripeSender(viaStripe, world));
      const expected = await finalStateOf(world, viaStripe, 1);
      const length = await countStatements(startsAt);
      let kills = 0;
      expect(length).toBeGreaterThan(10);
      for (const cut of cutsOf(length, 'kills of reports').slice(0, bySize(2, 2 * length))) {
        if (isTimeUp()) break;
        const people = await createPeople(world, startsAt);
        const app = await startKillableProcess(world);
        app.killAt(cut);
        await sendAll(reporter(people, reportTo(app)));
        // what is done now and then, such as storing that a key was used, moves the last ones
        if (app.isKilled) kills++;
        await app.stop();
        world.clock.set(new Date());
        expect([cut, await finalStateOf(world, people, 1)]).toEqual([cut, expected]);
      }
      expect(kills).toBeGreaterThan(0);
      expect(await world.see.discrepancies()).toEqual([]);
    },
    timeoutMs,
  );
});
