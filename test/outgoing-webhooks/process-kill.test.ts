import { afterEach, expect, it } from 'vitest';
import { startProcess, type AppProcess } from '../support/process.js';
import { until } from '../support/until.js';
import { Receiver } from './receiver.js';
import { createWebhookWorld, eventId } from './webhook-world.js';

const receiver = new Receiver();
const processes: AppProcess[] = [];
afterEach(async () => {
  await Promise.all(processes.map((process) => process.kill().catch(() => undefined)));
  await receiver.close();
});

it('what a killed worker was sending is sent again by another, and what is due goes on meanwhile', async () => {
  await receiver.open();
  const world = await createWebhookWorld();
  await world.createEndpoint({ url: receiver.url });
  const environment = {
    ...{ DATABASE_URL: world.config.databaseUrl ?? '', ROLE: 'worker', BASE_URL: world.config.baseUrl },
    ...{ SECRET_KEY: world.config.secretKeys.join(','), WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' },
    ...{ STRIPE_SECRET_KEY: 'sk_test_of_twofold', STRIPE_WEBHOOK_SECRET: 'whsec_test' },
    STRIPE_API_BASE: world.config.stripeApiBase ?? '',
  };
  receiver.answer = () => undefined;
  await world.publish(1);
  const first = await startProcess(environment);
  processes.push(first);
  await until(() => receiver.received.length === 1);
  await first.kill();
  receiver.reset();
  // the time of its attempt is over
  await world.sql.query(`UPDATE webhooks.delivery SET next_attempt_at = now()`);
  await world.publish(2);
  processes.push(await startProcess(environment));
  await until(() => receiver.received.length === 2);
  expect(receiver.ids().toSorted()).toEqual([eventId(1), eventId(2)]);
  await until(async () => (await world.see.count(`webhooks.delivery WHERE status = 'delivered'`)) === 2);
  await world.close();
});
