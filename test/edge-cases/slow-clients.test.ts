import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/platform/config/config.js';
import { holdLock } from '../support/held-lock.js';
import { RawClient } from '../support/raw-client.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

/** A server whose clients may stall for a short moment only. */
const clientLimits = { stallMs: 400, requestMs: 2_000, idleMs: 400 };
let world: World;
let server: Server;
let url: string;
beforeAll(async () => {
  world = await createWorld({ clientTimeouts: clientLimits });
  await world.app.listen(0, '127.0.0.1');
  url = (await world.app.getUrl()).replace('[::1]', '127.0.0.1');
  server = world.app.getHttpServer() as Server;
});
afterAll(async () => {
  server.closeAllConnections(); // a stalled one would hold the end up, too
  await world.close();
});

const json = { 'content-type': 'application/json' };
const challenge = (client: RawClient, length: number) =>
  client.head('POST', '/api/v1/auth/challenges', { ...json, 'content-length': length });

it('outside of tests a stall ends after 30 seconds, a whole request after two minutes, an idle connection after 72 seconds', async () => {
  const patient = await createWorld();
  expect(loadConfig({}).clientTimeouts).toEqual(patient.config.clientTimeouts);
  const { timeout, headersTimeout, requestTimeout, keepAliveTimeout } = patient.app.getHttpServer() as Server;
  expect({ timeout, headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
    timeout: 30_000,
    headersTimeout: 30_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 72_000,
  });
  await patient.close();
});

it('a body that stalls is answered 408 with a problem document, and its connection is closed', async () => {
  const client = challenge(await RawClient.connect(url), 100).write('{"em');
  await client.untilClosed();
  const [head = '', body = ''] = client.received.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 408 [\s\S]*application\/problem\+json/);
  expect(JSON.parse(body)).toMatchObject({
    code: 'request.timeout',
    status: 408,
    detail: expect.any(String),
    requestId: expect.any(String),
  });
});

it('a body that never ends, but never stalls either, is answered 408 once its time is over', async () => {
  const client = challenge(await RawClient.connect(url), 60_000);
  const drip = setInterval(() => client.write(' '), 50);
  await client.untilClosed();
  clearInterval(drip);
  expect(client.received).toMatch(/^HTTP\/1\.1 408 /);
});

it.each([
  ['a head that stalls', 'POST /api/v1/auth/challenges HTTP/1.1\r\nhost: x\r\ncontent-'],
  ['a connection on which nothing is asked', ''],
  ['a connection that was used once', 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'],
])('%s is closed', async (_what, text) => {
  const client = (await RawClient.connect(url)).write(text);
  await client.untilClosed();
});

it('an answer that no one reads does not hold its connection', async () => {
  const client = await RawClient.connect(url);
  client.socket.pause();
  for (let n = 0; n < 300; n++) client.head('GET', '/api/openapi.json');
  const open = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  await until(async () => (await open()) > 0);
  await until(async () => (await open()) === 0);
  client.socket.destroy();
});

it('a request that is worked on for longer is answered as always', async () => {
  const held = await holdLock(world.sql, 'LOCK TABLE auth.challenge');
  const body = JSON.stringify({ email: 'patient@example.org' });
  const client = challenge(await RawClient.connect(url), body.length).write(body);
  await held.untilBlocked();
  const stalled = await RawClient.connect(url); // began later, and is closed before
  await stalled.untilClosed();
  await held.release();
  await client.untilReceived('HTTP/1.1 202');
  client.socket.destroy();
});
