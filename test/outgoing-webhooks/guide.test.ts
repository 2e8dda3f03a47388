import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventTypes } from '../../src/outgoing-webhooks/events/event-types.js';
import { EndpointTests } from '../../src/outgoing-webhooks/endpoints/endpoint-tests.service.js';
import { createWebhookWorld, type WebhookWorld } from './webhook-world.js';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/outgoing-webhooks.md'), 'utf8');

let world: WebhookWorld;
let folder: string;
beforeAll(async () => {
  world = await createWebhookWorld();
  // where packages are found
  folder = mkdtempSync(join(root, 'node_modules/.receiver-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

type CreateReceiver = (secret: string, handle: (event: unknown) => void) => Server;

async function receiverOfGuide(): Promise<CreateReceiver> {
  const [, code = ''] = /<!-- snippet: receiver -->\s+```js\n([^]*?)```/.exec(guide) ?? [];
  writeFileSync(join(folder, 'receiver.mjs'), code);
  const module = (await import(join(folder, 'receiver.mjs'))) as { createReceiver: CreateReceiver };
  return module.createReceiver;
}

it('the receiver of the guide takes a webhook once, however often it comes, and refuses forged ones', async () => {
  const createReceiver = await receiverOfGuide();
  const handled: unknown[] = [];
  let secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const servers: Server[] = [];
  const listen = async () => {
    const server = createReceiver(secret, (event) => handled.push(event));
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const forged = await world.createEndpoint({ url: await listen() });
  expect(await world.get(EndpointTests).run(forged.id)).toMatchObject({ accepted: false, status: 400 });

  const endpoint = await world.createEndpoint({ url: 'http://127.0.0.1:1/', events: ['person.created'] });
  secret = endpoint.secret;
  const url = await listen();
  await world.sql.query(`UPDATE webhooks.endpoint SET url = $2 WHERE id = $1`, [endpoint.id, url]);
  const id = await world.publish(1, 'person.created');
  await world.runHandlers();
  await world.sql.query(
    `UPDATE webhooks.delivery SET status = 'pending', delivered_at = NULL, next_attempt_at = $2 WHERE event_id = $1`,
    [id, world.clock.now()],
  );
  await world.runHandlers();
  expect(await world.deliveries(endpoint.id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  expect(handled).toMatchObject([{ type: 'person.created', data: { number: 1 } }]);
  for (const server of servers) server.close();
});

it('the guide explains every type of event and no other', () => {
  const cells = [...guide.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell = '']) => cell);
  const explained = cells.flatMap((cell) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, type = '']) => type));
  expect(explained.sort()).toEqual([...eventTypes, 'webhook.test'].sort());
});
