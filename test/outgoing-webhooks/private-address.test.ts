import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWebhookWorld, type WebhookWorld } from './webhook-world.js';

/** A name of this machine leads to a private address, and nothing allows it here. */
let world: WebhookWorld;
let server: Server;
let connections = 0;
beforeAll(async () => {
  world = await createWebhookWorld({ webhookAllowNetworks: [] });
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await world.close();
});

it('a name that leads to a private address is never connected to, and the delivery says why it failed', async () => {
  const { port } = server.address() as AddressInfo;
  const endpoint = await world.createEndpoint({ url: `https://localhost:${port}/events` });
  await world.publish(1);
  await world.runHandlers();
  expect(await world.deliveries(endpoint.id)).toMatchObject([
    { status: 'failed', attempts: 1, lastStatus: null, lastError: 'ADDRESS_REFUSED' },
  ]);
  expect(connections).toBe(0);
});
