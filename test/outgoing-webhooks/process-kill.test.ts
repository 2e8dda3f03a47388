import { afterEach, expect, it } from 'vitest';
import { EventFeed } from '../../src/outgoing-webhooks/events/event-feed.js';
import { EventPublisher } from '../../src/outgoing-webhooks/events/event-publisher.js';
import { startProcess, type AppProcess } from '../support/process.js';
import { until } from '../support/until.js';
import { Receiver } from './receiver.js';
import { createWebhookWorld, eventId, type WebhookWorld } from './webhook-world.js';

const receiver = new Receiver();
const processes: AppProcess[] = [];
afterEach(async () => {
  await Promise.all(processes.map((process) => process.kill().catch(() => undefined)));
  await receiver.close();
});

const workerEnvironment = ({ config }: WebhookWorld) => ({
  ...{ DATABASE_URL: config.databaseUrl ?? '', ROLE: 'worker', BASE_URL: config.baseUrl },
  ...{ SECRET_KEY: config.secretKeys.join(','), WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' },
  ...{ STRIPE_SECRET_KEY: 'sk_test_of_twofold', STRIPE_WEBHOOK_SECRET: 'whsec_test' },
  STRIPE_API_BASE: config.stripeApiBase ?? '',
});

async function start(world: WebhookWorld): Promise<AppProcess> {
  const process = await startProcess(workerEnvironment(world));
  processes.push(process);
  return process;
}

const endLeases = (world: WebhookWorld) =>
  world.sql.query(`UPDATE webhooks.delivery SET next_attempt_at = now() WHERE next_attempt_at > now()`);

it('what a killed worker was sending is sent again by another, and what is due goes on meanwhile', async () => {
  await receiver.open();
  const world = await createWebhookWorld();
  await world.createEndpoint({ url: receiver.url });
  receiver.answer = () => undefined;
  await world.publish(1);
  const first = await start(world);
  await until(() => receiver.received.length === 1);
  await first.kill();
  receiver.reset();
  await endLeases(world);
  await world.publish(2);
  await start(world);
  await until(() => receiver.received.length === 2);
  expect(receiver.ids().toSorted()).toEqual([eventId(1), eventId(2)]);
  await until(async () => (await world.see.count(`webhooks.delivery WHERE status = 'delivered'`)) === 2);
  await world.close();
});

/** 10,000 take a minute where a worker shares its core: set the variable to see them. */
const manyEvents = Number(process.env.TEST_WEBHOOK_EVENTS ?? 1_000);

it('each of many events arrives though the worker is killed in between, and the feed has all', async () => {
  receiver.reset();
  await receiver.open();
  const world = await createWebhookWorld();
  await world.createEndpoint({ url: receiver.url });
  const numbers = Array.from({ length: manyEvents }, (_, index) => index + 1);
  for (let from = 0; from < manyEvents; from += 500) await publishAll(world, numbers.slice(from, from + 500));
  const ids = numbers.map(eventId);
  const first = await start(world);
  await until(() => receiver.received.length >= manyEvents / 4);
  await first.kill();
  await endLeases(world);
  await start(world);
  await until(() => new Set(receiver.ids()).size === manyEvents);
  expect(new Set(receiver.ids())).toEqual(new Set(ids));
  expect(await readFeed(world)).toEqual(ids);
  await world.close();
});

async function publishAll(world: WebhookWorld, numbers: number[]): Promise<void> {
  const event = { type: 'access.changed' as const, at: world.clock.now(), data: {} };
  const events = numbers.map((number) => ({ ...event, id: eventId(number) }));
  await world.database.transaction((tx) => world.get(EventPublisher).publish(tx, ...events));
}

async function readFeed(world: WebhookWorld): Promise<string[]> {
  const read: string[] = [];
  for (let after: string | null = null, hasMore = true; hasMore;) {
    const page = await world.get(EventFeed).list({ limit: 100, ...(after === null ? {} : { after }) });
    read.push(...page.items.map(({ id }) => id));
    ({ lastId: after, hasMore } = page);
  }
  return read;
}
