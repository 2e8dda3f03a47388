import { afterEach, describe, expect, it } from 'vitest';
import { DeliveriesRepository } from '../../src/outgoing-webhooks/deliveries/deliveries.repository.js';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/endpoints/webhook-endpoints.service.js';
import { EventFeed } from '../../src/outgoing-webhooks/events/event-feed.js';
import { EventRetention } from '../../src/outgoing-webhooks/events/event-retention.js';
import { minuteMs } from '../../src/platform/durations.js';
import { webhookMetrics } from '../../src/outgoing-webhooks/webhook-metrics.js';
import { countTableReads, createWorldWithoutStatistics } from '../support/table-reads.js';
import type { World } from '../support/world.js';
import { eventId, operator } from './webhook-world.js';

/** Metrics count what is open, each in a page of its own until a vacuum. */
const countedPages = 10_000;

let world: World;
afterEach(() => world.close());

/** Two endpoints, 25,000 events and their deliveries to the first; 8,000 are due. */
async function fillTables(): Promise<string> {
  world.clock.set(new Date());
  const service = world.app.get(WebhookEndpointsService, { strict: false });
  const create = (url: string) => world.database.transaction((tx) => service.create(tx, { url }, operator));
  const { id } = await create('https://one.example/');
  await create('https://other.example/');
  await world.sql.query(
    `INSERT INTO webhooks.event (id, position, type, at, data)
     SELECT 'evt_' || lpad(to_hex(n), 32, '0'), n, CASE n % 10000 WHEN 0 THEN 'person.merged' ELSE 'access.changed' END, now() - interval '1 hour', '{}'
     FROM generate_series(1, 25000) n`,
  );
  await world.sql.query(
    `INSERT INTO webhooks.delivery (id, event_id, endpoint_id, status, created_at, next_attempt_at)
     SELECT gen_random_uuid(), id, $1, CASE WHEN position <= 17000 THEN 'delivered' ELSE 'pending' END, at,
       CASE WHEN position > 17000 THEN at END
     FROM webhooks.event`,
    [id],
  );
  return id;
}

describe.each([
  ['none', 'auto'],
  ['none', 'force_generic_plan'],
  ['of full tables', 'auto'],
] as const)('with statistics %s and plans %s', (statistics, planCacheMode) => {
  const open = async () => {
    world = await createWorldWithoutStatistics(planCacheMode);
    const endpointId = await fillTables();
    if (statistics !== 'none')
      await world.sql.query('ANALYZE webhooks.event, webhooks.delivery, webhooks.endpoint');
    const deliveries = world.app.get(DeliveriesRepository, { strict: false });
    const feed = world.app.get(EventFeed, { strict: false });
    const retention = world.app.get(EventRetention, { strict: false });
    return { endpointId, deliveries, feed, retention };
  };

  it('a backlog and many events make no read larger', async () => {
    const { endpointId, deliveries, feed, retention } = await open();
    const reads = {
      claim: () => world.database.transaction((tx) => deliveries.claimDue(tx, new Map(), 4, minuteMs)),
      feed: () => feed.list({ after: eventId(10), limit: 25 }),
      feedOfType: () => feed.list({ type: 'person.merged', limit: 25 }),
      deliveries: () => deliveries.list(endpointId, { limit: 25 }),
      deliveriesWithStatus: () => deliveries.list(endpointId, { limit: 25, status: 'dead' }),
      metrics: () => webhookMetrics.read(world.database, world.clock.now()),
      retention: () => retention.purge(),
    };
    for (const [name, read] of Object.entries(reads)) {
      // the sixth time is with the plan that is kept
      for (let time = 0; time < 6; time++) await read();
      const { inSequence, pages } = await countTableReads(world, read);
      expect
        .soft({ name, inSequence, pages: pages < (name === 'metrics' ? countedPages : 600) ? 'few' : pages })
        .toEqual({
          name,
          inSequence: expect.toSatisfy((rows: number) => rows < 50) as number,
          pages: 'few',
        });
    }
  });
});
