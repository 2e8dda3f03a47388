import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Receiver, verified } from './receiver.js';
import { createWebhookWorld, type WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
let manager: string;
let reader: string;
const receiver = new Receiver();
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld();
  manager = await world.given.apiKey('webhooks:manage');
  reader = await world.given.apiKey('events:read');
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const call = (method: Method, path: string, payload?: object, token = manager) =>
  world.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });
const codeOf = (answer: LightMyRequestResponse) => [answer.statusCode, answer.json<{ code: string }>().code];

it('an endpoint is added, tested, changed, given a new secret and deleted, each with an entry in the audit log', async () => {
  const created = await call('POST', 'webhook-endpoints', { url: receiver.url, events: ['credit.granted'] });
  expect(created.statusCode).toBe(201);
  const { id, secret, ...shown } = created.json<{ id: string; secret: string }>();
  expect(shown).toMatchObject({ url: receiver.url, events: ['credit.granted'], enabled: true });

  receiver.answer = (response) => response.writeHead(202).end('thank you');
  const tested = await call('POST', `webhook-endpoints/${id}/test`);
  expect(tested.json()).toMatchObject({ accepted: true, status: 202, body: 'thank you' });
  expect(verified(secret, receiver.received[0])).toMatchObject({ type: 'webhook.test' });

  const changed = await call('PATCH', `webhook-endpoints/${id}`, { events: null, description: 'all' });
  expect(changed.json()).toMatchObject({ events: null, description: 'all', url: receiver.url });
  const rotated = (await call('POST', `webhook-endpoints/${id}/rotate-secret`)).json<{ secret: string }>();
  expect(rotated.secret).not.toBe(secret);

  const list = await call('GET', 'webhook-endpoints');
  expect(list.json()).toMatchObject({ items: [{ id }], nextCursor: null });
  expect(list.body + (await call('GET', `webhook-endpoints/${id}`)).body).not.toContain('whsec_');

  expect((await call('DELETE', `webhook-endpoints/${id}`)).statusCode).toBe(204);
  expect(codeOf(await call('GET', `webhook-endpoints/${id}`))).toEqual([404, 'request.not_found']);
  const { rows } = await world.sql.query<{ action: string; actor_kind: string }>(
    `SELECT action, actor_kind FROM platform.audit WHERE details ->> 'endpointId' = $1`,
    [id],
  );
  expect(rows.map(({ action, actor_kind }) => `${actor_kind} ${action}`).toSorted()).toEqual([
    'api_key webhook_endpoint.changed',
    'api_key webhook_endpoint.created',
    'api_key webhook_endpoint.deleted',
    'api_key webhook_endpoint.secret_rotated',
  ]);
});

it('deliveries are listed by page and status, and one is sent again', async () => {
  receiver.reset();
  receiver.answer = (response) => response.writeHead(500).end();
  const { id } = (await call('POST', 'webhook-endpoints', { url: receiver.url })).json<{ id: string }>();
  for (let number = 1; number <= 3; number++) await world.publish(number);
  await world.runHandlers();
  const path = `webhook-endpoints/${id}/deliveries`;
  const first = (await call('GET', `${path}?status=failed&limit=2`)).json<{
    items: { id: string }[];
    nextCursor: string;
  }>();
  const second = (await call('GET', `${path}?status=failed&limit=2&cursor=${first.nextCursor}`)).json<{
    items: { id: string }[];
  }>();
  expect([first.items.length, second.items.length]).toEqual([2, 1]);
  expect((await call('GET', `${path}?status=delivered`)).json()).toMatchObject({ items: [] });

  receiver.reset();
  const again = await call('POST', `webhook-endpoints/deliveries/${second.items[0]?.id}/redeliver`);
  expect([again.statusCode, again.json<{ status: string }>().status]).toEqual([202, 'pending']);
  await world.runHandlers();
  expect(receiver.received).toHaveLength(1);
  await call('PATCH', `webhook-endpoints/${id}`, { enabled: false });
  expect(codeOf(await call('POST', `webhook-endpoints/deliveries/${second.items[0]?.id}/redeliver`))).toEqual(
    [409, 'webhooks.endpoint_disabled'],
  );
});

it.each([
  ['https://user:secret@app.example/', 'webhooks.url_refused'],
  ['https://10.0.0.1/', 'webhooks.url_refused'],
  ['ftp://app.example/', 'webhooks.url_refused'],
  ['', 'request.invalid'],
])('the URL "%s" is refused', async (url, code) => {
  expect(codeOf(await call('POST', 'webhook-endpoints', { url }))).toEqual([422, code]);
});

it('a URL that is too long once it is encoded is refused', async () => {
  const url = `https://app.example/${'ä'.repeat(500)}`;
  expect(codeOf(await call('POST', 'webhook-endpoints', { url }))).toEqual([422, 'webhooks.url_refused']);
});

it('null does not enable or disable an endpoint', async () => {
  const { id } = (await call('POST', 'webhook-endpoints', { url: receiver.url })).json<{ id: string }>();
  const changed = await call('PATCH', `webhook-endpoints/${id}`, { enabled: null });
  expect(codeOf(changed)).toEqual([422, 'request.invalid']);
  const endpoint = await call('GET', `webhook-endpoints/${id}`);
  expect(endpoint.json()).toMatchObject({ enabled: true });
});

it('a test says that no SECRET_KEY opens the secret, and a new secret repairs that', async () => {
  receiver.reset();
  const { id } = (await call('POST', 'webhook-endpoints', { url: receiver.url })).json<{ id: string }>();
  await world.sql.query(`UPDATE webhooks.endpoint SET secret = 'sealed with another key' WHERE id = $1`, [
    id,
  ]);
  const test = () => call('POST', `webhook-endpoints/${id}/test`);
  const refused = await test();
  expect([refused.statusCode, refused.json()]).toMatchObject([
    200,
    { accepted: false, status: null, error: 'SECRET_UNREADABLE' },
  ]);
  await call('POST', `webhook-endpoints/${id}/rotate-secret`);
  expect((await test()).json()).toMatchObject({ accepted: true });
});

it('an unknown type of event is refused', async () => {
  const answer = await call('POST', 'webhook-endpoints', { url: receiver.url, events: ['webhook.test'] });
  expect(codeOf(answer)).toEqual([422, 'request.invalid']);
});

it('the feed is for keys with its scope alone, and says what is wrong with after', async () => {
  expect(codeOf(await call('GET', 'events'))).toEqual([403, 'auth.scope_missing']);
  expect(codeOf(await call('GET', 'webhook-endpoints', undefined, reader))).toEqual([
    403,
    'auth.scope_missing',
  ]);
  const events = (await call('GET', 'events?limit=2', undefined, reader)).json<{
    items: { id: string; timestamp: string }[];
    hasMore: boolean;
  }>();
  expect([events.items.length, events.hasMore]).toEqual([2, true]);
  expect(events.items[0]).toMatchObject({ type: 'access.changed', data: { number: 1 } });
  expect(codeOf(await call('GET', `events?after=evt_${'f'.repeat(32)}`, undefined, reader))).toEqual([
    410,
    'webhooks.event_gone',
  ]);
  expect(codeOf(await call('GET', 'events?after=7', undefined, reader))).toEqual([422, 'request.invalid']);
});
