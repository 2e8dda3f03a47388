import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/endpoints/webhook-endpoints.service.js';
import { addMs, minuteMs } from '../../src/platform/durations.js';
import { createWebhookWorld, eventId, operator, type WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
beforeAll(async () => {
  world = await createWebhookWorld({ metricsToken: 'a-token-that-only-prometheus-knows' });
});
afterAll(() => world.close());

/** What is reported about webhooks; a reading is kept for ten seconds. */
async function readMetrics(): Promise<Record<string, number>> {
  world.clock.set(addMs(world.clock.now(), minuteMs));
  const headers = { authorization: 'Bearer a-token-that-only-prometheus-knows' };
  const { payload } = await world.app.inject({ url: '/metrics', headers });
  const lines = payload.split('\n').filter((line) => line.startsWith('twofold_webhook_'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice('twofold_webhook_'.length, at), Number(line.slice(at + 1))];
    }),
  );
}

it('metrics say what waits, what has failed, what is dead, how late it is, and how endpoints are', async () => {
  expect(await readMetrics()).toEqual({
    ...{ 'deliveries{status="pending"}': 0, 'deliveries{status="failed"}': 0 },
    ...{ 'deliveries{status="dead"}': 0, oldest_due_seconds: 0 },
    ...{ 'endpoints{state="enabled"}': 0, 'endpoints{state="failing"}': 0 },
    'endpoints{state="disabled"}': 0,
  });
  const working = await world.createEndpoint({ url: 'https://working.example/' });
  const failing = await world.createEndpoint({ url: 'https://failing.example/' });
  for (let number = 1; number <= 3; number++) await world.publish(number);
  await world.sql.query(`UPDATE webhooks.endpoint SET failing_since = now() WHERE id = $1`, [failing.id]);
  const set = (endpointId: string, number: number, status: string, nextAttemptAt: Date | null) =>
    world.sql.query(
      `UPDATE webhooks.delivery SET status = $3, next_attempt_at = $4 WHERE endpoint_id = $1 AND event_id = $2`,
      [endpointId, eventId(number), status, nextAttemptAt],
    );
  const now = world.clock.now();
  await set(working.id, 1, 'delivered', null);
  await set(working.id, 2, 'failed', addMs(now, 10 * minuteMs));
  await set(failing.id, 1, 'dead', null);
  await set(failing.id, 2, 'failed', addMs(now, -4 * minuteMs));
  expect(await readMetrics()).toEqual({
    ...{ 'deliveries{status="pending"}': 2, 'deliveries{status="failed"}': 2 },
    ...{ 'deliveries{status="dead"}': 1, oldest_due_seconds: 300 },
    ...{ 'endpoints{state="enabled"}': 1, 'endpoints{state="failing"}': 1 },
    'endpoints{state="disabled"}': 0,
  });
  await world.database.transaction((tx) =>
    world.get(WebhookEndpointsService).change(tx, failing.id, { enabled: false }, operator),
  );
  expect(await readMetrics()).toMatchObject({
    ...{ oldest_due_seconds: 120, 'endpoints{state="failing"}': 0, 'endpoints{state="disabled"}': 1 },
  });
});
