import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Log } from '../../src/platform/observability/logging/log.js';
import { JOB_QUEUE, Outbox, EventRouting, type PendingEvents } from '../../src/platform/jobs/outbox.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Events that several reactions follow, marked by the request that they came with. */
function pendingEvents(): PendingEvents & { requestId: string } {
  const ids = { referralId: randomUUID(), referrerId: randomUUID(), referredId: randomUUID() };
  const erased = { name: 'auth.users_erased', userIds: [] as string[] };
  return { events: [{ name: 'referral.linked', ...ids }, erased, { ...erased }], requestId: randomUUID() };
}

async function jobsOf(requestId: string): Promise<string[]> {
  const { rows } = await world.sql.query<{ id: string }>(
    `SELECT id::text FROM pgboss.job WHERE data ->> 'requestId' = $1 ORDER BY id`,
    [requestId],
  );
  return rows.map(({ id }) => id);
}

describe('a fan-out job that runs twice', () => {
  it('a fan-out job that runs twice leaves the same jobs as once, also when two processes run it at once', async () => {
    const outbox = world.app.get(Outbox, { strict: false });
    const [jobId, events] = [randomUUID(), pendingEvents()];
    await outbox.fanOut(jobId, events);
    const once = await jobsOf(events.requestId);
    expect(once.length).toBeGreaterThan(1);
    await Promise.all([outbox.fanOut(jobId, events), outbox.fanOut(jobId, events)]);
    expect(await jobsOf(events.requestId)).toEqual(once);
  });

  it('a fan-out job that runs twice makes nothing run again that has run meanwhile', async () => {
    const outbox = world.app.get(Outbox, { strict: false });
    const [jobId, events] = [randomUUID(), pendingEvents()];
    await outbox.fanOut(jobId, events);
    expect(await world.runHandlers()).toBeGreaterThan(1);
    await outbox.fanOut(jobId, events);
    expect(await world.runHandlers()).toBe(0);
  });

  it('a fan-out job that runs twice that stopped half-way is completed by a release that lists its reactions in another order', async () => {
    const get = <T>(token: unknown) => world.app.get<T>(token as never, { strict: false });
    const eventRouting = get<EventRouting>(EventRouting);
    const reversed: EventRouting = { handlersFor: (name) => [...eventRouting.handlersFor(name)].reverse() };
    const [jobId, requestId] = [randomUUID(), randomUUID()];
    const converted = { events: [{ name: 'referral.converted' }], requestId };
    const own = `pgboss.job WHERE data ->> 'requestId' = '${requestId}'`;
    await get<Outbox>(Outbox).fanOut(jobId, converted);
    await world.sql.query(`DELETE FROM ${own} AND data ->> 'handler' = 'emailReferred'`);
    await new Outbox(get(JOB_QUEUE), reversed, get(Log)).fanOut(jobId, converted);
    const { rows } = await world.sql.query(`SELECT data ->> 'handler' AS handler FROM ${own} ORDER BY 1`);
    expect(rows).toEqual([{ handler: 'emailReferred' }, { handler: 'emailReferrer' }]);
    await world.sql.query(`DELETE FROM ${own}`);
  });

  it('a fan-out job that runs twice is not mistaken for another job with the same events', async () => {
    const outbox = world.app.get(Outbox, { strict: false });
    const events = pendingEvents();
    await outbox.fanOut(randomUUID(), events);
    const once = await jobsOf(events.requestId);
    await outbox.fanOut(randomUUID(), events);
    expect((await jobsOf(events.requestId)).length).toBe(2 * once.length);
  });
});
