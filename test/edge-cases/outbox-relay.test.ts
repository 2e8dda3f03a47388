import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/create-app.js';
import { OutboxRelay } from '../../src/platform/jobs/outbox-relay.js';
import { Log } from '../../src/platform/observability/logging/log.js';
import { Outbox, type DomainEvent, type EventRouting } from '../../src/platform/jobs/outbox.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.sql.query(`DELETE FROM pgboss.job; DELETE FROM platform.outbox`));

const get = <T>(token: abstract new (...given: never[]) => T) => world.app.get<T>(token, { strict: false });

/** An event with two handlers in the lane "email", and one in "webhooks". */
const converted = { name: 'referral.converted' };
/** An event with handlers in the lane "bulk". */
const erased: DomainEvent & { userIds: string[] } = { name: 'auth.users_erased', userIds: [] };

/** Commits a transaction that published these events. */
async function publish(...events: DomainEvent[]): Promise<void> {
  await world.database.transaction(async (tx) => get(Outbox).publish(tx, ...events));
}

/** The handlers and lanes of the jobs that wait. */
async function waitingJobs(): Promise<string[]> {
  const { rows } = await world.sql.query<{ job: string }>(
    `SELECT name || ': ' || (data ->> 'handler') AS job FROM pgboss.job WHERE state = 'created' ORDER BY 1`,
  );
  return rows.map(({ job }) => job);
}

const outboxRows = () => world.see.count('platform.outbox');
const emailsOfConverted = ['email: emailReferred', 'email: emailReferrer'];
const jobsOfConverted = [...emailsOfConverted, 'webhooks: publishToProducts'];

describe('the outbox', () => {
  it('keeps the events of a committed transaction until a worker makes a job for each handler', async () => {
    await publish(converted);
    expect(await outboxRows()).toBe(1);
    expect(await waitingJobs()).toEqual([]);
    await get(OutboxRelay).moveAll();
    expect(await outboxRows()).toBe(0);
    expect(await waitingJobs()).toEqual(jobsOfConverted);
  });

  it('keeps nothing of a transaction that is rolled back', async () => {
    const rolledBack = world.database.transaction((tx) => {
      get(Outbox).publish(tx, converted);
      return Promise.reject(new Error('the work failed'));
    });
    await expect(rolledBack).rejects.toThrow('the work failed');
    expect(await outboxRows()).toBe(0);
  });

  it('writes no row for events without a handler', async () => {
    await publish({ name: 'no.handler' });
    expect(await outboxRows()).toBe(0);
  });

  it('makes jobs for an event of a newer version, which a worker of that version runs', async () => {
    const newer: EventRouting = { handlersFor: () => [{ handler: 'emailSupport', lane: 'email' }] };
    await world.database.transaction(async (tx) =>
      new Outbox(newer, get(Log), world.clock).publish(tx, { name: 'billing.event_of_a_newer_version' }),
    );
    await get(OutboxRelay).moveAll();
    expect(await waitingJobs()).toEqual(['email: emailSupport']);
  });

  it('loses and doubles nothing when making the jobs fails half-way', async () => {
    await publish(converted, erased);
    await world.sql.query(`
      CREATE FUNCTION pg_temp_fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
      CREATE TRIGGER mishap BEFORE INSERT ON pgboss.job_common FOR EACH ROW
        WHEN (NEW.name = 'bulk') EXECUTE FUNCTION pg_temp_fail()`);
    await expect(get(OutboxRelay).moveBatch()).rejects.toThrow('no room');
    expect(await outboxRows()).toBe(1);
    expect(await waitingJobs()).toEqual([]);
    await world.sql.query(`DROP TRIGGER mishap ON pgboss.job_common; DROP FUNCTION pg_temp_fail()`);
    await get(OutboxRelay).moveAll();
    expect(await outboxRows()).toBe(0);
    const jobs = await waitingJobs();
    expect(jobs.filter((job) => job.startsWith('email'))).toEqual(emailsOfConverted);
    expect(jobs.filter((job) => job.startsWith('bulk')).length).toBeGreaterThan(0);
    // what both events publish, and what an erasure deletes
    expect(jobs.filter((job) => job.startsWith('webhooks'))).toHaveLength(3);
    expect(new Set(jobs).size).toBe(jobs.length - 1);
  });

  it('moves each event once when two processes move events at the same time', async () => {
    const other = await createApp(world.config, world.clock);
    try {
      const requestIds = Array.from({ length: 250 }, () => randomUUID());
      await world.database.transaction((tx) => {
        for (const requestId of requestIds)
          get(Outbox).publish(tx, { ...converted, requestId } as DomainEvent);
        return Promise.resolve();
      });
      const relays = [get(OutboxRelay), other.get(OutboxRelay, { strict: false })];
      while ((await outboxRows()) > 0) await Promise.all(relays.map((relay) => relay.moveBatch()));
      const { rows } = await world.sql.query<{ jobs: number }>(
        `SELECT count(*)::int AS jobs FROM pgboss.job WHERE state = 'created' GROUP BY data -> 'event' ->> 'requestId'`,
      );
      expect(rows.map(({ jobs }) => jobs)).toEqual(requestIds.map(() => jobsOfConverted.length));
    } finally {
      await other.close();
    }
  });
});
