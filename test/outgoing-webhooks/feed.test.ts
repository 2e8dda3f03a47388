import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventFeed } from '../../src/outgoing-webhooks/events/event-feed.js';
import { EventPublisher } from '../../src/outgoing-webhooks/events/event-publisher.js';
import { EventRetention } from '../../src/outgoing-webhooks/events/event-retention.js';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/endpoints/webhook-endpoints.service.js';
import { CreditService } from '../../src/credit/credit.service.js';
import { addMs, dayMs } from '../../src/platform/durations.js';
import { EventHandlers } from '../../src/platform/jobs/event-handler-worker.js';
import { refundEvents } from '../accounts/refund-events.js';
import { untilConnectionsBlocked } from '../support/held-lock.js';
import { createWebhookWorld, eventId, operator, type WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
let feed: EventFeed;
beforeAll(async () => {
  world = await createWebhookWorld();
  feed = world.get(EventFeed);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(new Date());
  await world.sql.query(
    `TRUNCATE webhooks.delivery, webhooks.event, webhooks.endpoint, webhooks.published_access`,
  );
});

const idsAfter = async (after?: string) =>
  (await feed.list({ limit: 100, ...(after === undefined ? {} : { after }) })).items.map(({ id }) => id);

describe('the feed', () => {
  it('is read in steps, oldest first, also one type alone', async () => {
    for (let number = 1; number <= 5; number++)
      await world.publish(number, number === 4 ? 'person.created' : 'access.changed');
    const first = await feed.list({ limit: 3 });
    expect(first).toMatchObject({ hasMore: true });
    expect(first.items.map(({ id }) => id)).toEqual([1, 2, 3].map(eventId));
    const rest = await feed.list({ limit: 3, after: eventId(3) });
    expect([rest.hasMore, ...rest.items.map(({ id }) => id)]).toEqual([false, eventId(4), eventId(5)]);
    expect(await feed.list({ limit: 3, after: eventId(1), type: 'person.created' })).toMatchObject({
      items: [{ id: eventId(4), type: 'person.created', data: { number: 4 } }],
      hasMore: false,
    });
    expect(await idsAfter(eventId(5))).toEqual([]);
  });

  it('gives no event a place before one that was read, though its transaction began first', async () => {
    let commitLate = () => {};
    const mayCommit = new Promise<void>((resume) => (commitLate = resume));
    let isPublished = () => {};
    const published = new Promise<void>((resume) => (isPublished = resume));
    const publisher = world.get(EventPublisher);
    const event = (number: number) => ({
      ...{ id: eventId(number), type: 'access.changed' as const, at: world.clock.now(), data: {} },
    });
    const late = world.database.transaction(async (tx) => {
      await publisher.publish(tx, event(1));
      isPublished();
      await mayCommit;
    });
    await published;
    const other = world.publish(2);
    // the second waits for the first, so that a reader cannot see it alone
    try {
      await untilConnectionsBlocked(world.sql);
      expect(await idsAfter()).toEqual([]);
    } finally {
      commitLate();
      await Promise.allSettled([late, other]);
    }
    expect(await idsAfter()).toEqual([eventId(1), eventId(2)]);
  });

  it('shows everything to a reader in steps while many writers commit, some of them late', async () => {
    const writers = Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const event = { id: eventId(number), type: 'access.changed' as const, at: new Date(), data: {} };
        await world.database.transaction(async (tx) => {
          await world.get(EventPublisher).publish(tx, event);
          if (number % 4 === 0) await tx.query(`SELECT pg_sleep(0.02)`);
        });
      }),
    );
    const seen: string[] = [];
    let isOver = false;
    const end = () => (isOver = true);
    writers.then(end, end);
    for (let last = false; !last;) {
      last = isOver;
      const after = seen.at(-1);
      const { items } = await feed.list({ limit: 7, ...(after === undefined ? {} : { after }) });
      seen.push(...items.map(({ id }) => id));
      last &&= items.length === 0;
    }
    await writers;
    expect(seen.toSorted()).toEqual(Array.from({ length: 40 }, (_, number) => eventId(number)));
  });

  it('goes on for a reader of one type while only others come', async () => {
    await world.publish(1, 'person.created');
    const read = (after?: string) =>
      feed.list({ limit: 1, type: 'person.created', ...(after === undefined ? {} : { after }) });
    expect((await read()).lastId).toBe(eventId(1));
    await world.publish(2);
    await world.publish(3);
    expect(await read(eventId(1))).toEqual({ items: [], hasMore: false, lastId: eventId(3) });
    await world.publish(4, 'person.created');
    await world.publish(5, 'person.created');
    expect(await read(eventId(3))).toMatchObject({
      ...{ items: [{ id: eventId(4) }], hasMore: true, lastId: eventId(4) },
    });
  });

  it('is empty before the first event', async () => {
    expect(await feed.list({ limit: 1 })).toEqual({ items: [], hasMore: false, lastId: null });
  });

  it('says clearly that an event is unknown, or was deleted because of its age', async () => {
    await world.publish(1);
    await expect(idsAfter(eventId(9))).rejects.toMatchObject({ code: 'webhooks.event_gone', status: 410 });
    world.clock.set(addMs(world.clock.now(), dayMs * 91));
    await world.publish(2);
    await world.get(EventRetention).purge();
    await expect(idsAfter(eventId(1))).rejects.toMatchObject({ code: 'webhooks.event_gone' });
    expect(await idsAfter()).toEqual([eventId(2)]);
  });
});

describe('retention', () => {
  const purgeAfter = async (days: number) => {
    world.clock.set(addMs(world.clock.now(), dayMs * days));
    await world.get(EventRetention).purge();
  };
  const endDeliveries = () =>
    world.sql.query(
      `UPDATE webhooks.delivery SET status = 'delivered', delivered_at = now(), next_attempt_at = NULL`,
    );
  const service = () => world.get(WebhookEndpointsService);

  it('deletes deliveries with their events, and deleted endpoints once they are empty', async () => {
    const kept = await world.createEndpoint({ url: 'https://kept.example/' });
    const gone = await world.createEndpoint({ url: 'https://gone.example/' });
    await world.publish(1);
    await endDeliveries();
    world.clock.set(addMs(world.clock.now(), dayMs * 91));
    await world.publish(2);
    await world.database.transaction((tx) => service().delete(tx, gone.id, operator));
    await purgeAfter(0);
    expect((await world.deliveries(kept.id)).map((delivery) => delivery.eventId)).toEqual([eventId(2)]);
    expect(await world.see.count('webhooks.endpoint')).toBe(1);
    expect(await world.see.count('webhooks.delivery')).toBe(1);
    expect(await idsAfter()).toEqual([eventId(2)]);
  });

  it('keeps an event that is still to be sent, and all after it, so that the feed has no gap', async () => {
    const { id } = await world.createEndpoint({ url: 'https://kept.example/', events: ['person.created'] });
    await world.publish(1);
    await world.publish(2, 'person.created');
    await world.publish(3);
    await world.publish(4);
    await purgeAfter(91);
    expect(await idsAfter()).toEqual([2, 3, 4].map(eventId));
    expect(await world.deliveries(id)).toMatchObject([{ eventId: eventId(2), status: 'pending' }]);
    await endDeliveries();
    await purgeAfter(0);
    expect(await idsAfter()).toEqual([eventId(4)]);
  });

  it('does not keep what waits for an endpoint that is disabled', async () => {
    const { id } = await world.createEndpoint({ url: 'https://kept.example/' });
    await world.publish(1);
    await world.database.transaction((tx) => service().change(tx, id, { enabled: false }, operator));
    await world.publish(2);
    await purgeAfter(91);
    expect(await world.deliveries(id)).toEqual([]);
    expect(await idsAfter()).toEqual([eventId(2)]);
  });

  it('keeps the newest event: a reader that has read all continues after it', async () => {
    await world.publish(1);
    await world.publish(2);
    await purgeAfter(365);
    expect(await idsAfter(eventId(2))).toEqual([]);
    await world.publish(3);
    expect(await idsAfter(eventId(2))).toEqual([eventId(3)]);
  });
});

describe('what happens here', () => {
  const published = async () => {
    await world.runHandlers();
    return (await feed.list({ limit: 100 })).items;
  };

  it('is published: an invitation, its payment, its refund and the credit of the team', async () => {
    const anna = await world.given.user();
    await world.sql.query(`UPDATE auth."user" SET external_id = 'anna' WHERE id = $1`, [anna.id]);
    const bert = await world.given.userInvitedBy(anna);
    const paid = world.when.invoicePaid(bert);
    await world.when.stripeSends(paid);
    await world.runHandlers();
    for (const sent of refundEvents(paid, world.when.seconds).refunded) await world.when.stripeSends(sent);
    await world.runHandlers();
    const credit = world.get(CreditService);
    const action = { reason: 'Sorry for the delay', actor: operator };
    const entry = await world.database.transaction((tx) =>
      credit.grantManually(tx, { userId: anna.id, days: 3 }, action),
    );
    await world.database.transaction((tx) => credit.revokeManually(tx, entry.id, action));
    const events = await published();
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type !== 'access.changed').toSorted()).toEqual([
      'credit.granted',
      'credit.taken',
      'person.created',
      'person.created',
      'referral.converted',
      'referral.credited',
      'referral.linked',
      'referral.reversed',
    ]);
    const dataOf = (type: string) => events.find((event) => event.type === type)?.data;
    const [referrer, referred] = [
      { id: anna.id, externalId: 'anna' },
      { id: bert.id, externalId: null },
    ];
    expect(dataOf('referral.linked')).toMatchObject({ referrer, referred });
    expect(dataOf('referral.credited')).toMatchObject({
      ...{ referrer, referred },
      credited: [
        { side: 'referrer', person: referrer, days: 45 },
        { side: 'referred', person: referred, days: 45 },
      ],
    });
    expect(dataOf('referral.reversed')).toMatchObject({
      ...{ referrer, referred, state: 'reversed', reasons: ['refunded'], wasCredited: true },
      moved: expect.arrayContaining([
        { side: 'referrer', person: referrer, days: -45 },
        { side: 'referred', person: referred, days: -45 },
      ]),
    });
    expect(dataOf('credit.granted')).toMatchObject({ person: referrer, days: 3, reason: 'manual' });
    expect(dataOf('credit.taken')).toMatchObject({ person: referrer, days: 3, reason: 'manual' });
    expect(JSON.stringify(events)).not.toContain('@');
  });

  it('is published as held, too, where the reward has to wait', async () => {
    await world.given.terms({ hold_days: 14 });
    const bert = await world.given.userInvitedBy(await world.given.user());
    await world.when.pays(bert);
    const types = (await published()).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['referral.converted', 'referral.held', 'referral.linked']));
    expect(types).not.toContain('referral.credited');
  });

  it('is published once when its handler runs twice, and twice when it happens twice', async () => {
    const handlers = world.get(EventHandlers as never) as EventHandlers;
    const [anna, bert] = [await world.given.user(), await world.given.user()];
    const event = { name: 'auth.accounts_merged', mergeId: 'm', fromUserId: anna.id, intoUserId: bert.id };
    const merges = async () => (await published()).filter(({ type }) => type === 'person.merged');
    const publication = { publicationId: 'p1', publishedAt: world.clock.now().toISOString() };
    await handlers.run('publishToProducts', event, publication);
    await handlers.run('publishToProducts', event, publication);
    expect(await merges()).toHaveLength(1);
    await handlers.run('publishToProducts', event, { ...publication, publicationId: 'p2' });
    expect(await merges()).toHaveLength(2);
  });
});
