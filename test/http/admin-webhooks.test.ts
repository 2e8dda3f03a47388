import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Receiver, verified } from '../outgoing-webhooks/receiver.js';
import { createWebhookWorld, eventId, type WebhookWorld } from '../outgoing-webhooks/webhook-world.js';
import { createStaff, formFieldValue, type Staff } from '../support/staff.js';

/** Staff manage webhook endpoints in the console. */
let world: WebhookWorld;
let staff: Staff;
const receiver = new Receiver();
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld({ webhookTimeoutMs: 300 });
  staff = await createStaff(world);
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(async () => {
  receiver.reset();
  await world.sql.query(`TRUNCATE webhooks.delivery, webhooks.event, webhooks.endpoint`);
});

const secretIn = (body: string) => /whsec_[\w+/=]+/.exec(body)?.[0];
const page = async (path: string, person = staff.admin) => (await staff.page(path, person)).body;
const formOf = (body: string) => ({
  _csrf: formFieldValue(body, '_csrf'),
  idempotencyKey: formFieldValue(body, 'idempotencyKey'),
});
const act = async (id: string, action: string, fields: Record<string, string> = {}) =>
  staff.submitForm(`webhooks/${id}/${action}`, staff.admin, {
    ...formOf(await page(`webhooks/${id}`)),
    ...fields,
  });

it('an admin adds an endpoint whose secret is shown once, and sending the form again adds no other', async () => {
  const form = {
    ...formOf(await page('webhooks')),
    ...{ url: receiver.url, description: 'our <app>', 'event:access.changed': 'yes' },
  };
  const created = await staff.submitForm('webhooks', staff.admin, form);
  expect([created.statusCode, created.headers['cache-control']]).toEqual([
    200,
    expect.stringContaining('no-store'),
  ]);
  await world.publish(1);
  await world.publish(2, 'person.created');
  await world.runHandlers();
  expect(receiver.types()).toEqual(['access.changed']);
  expect(verified(secretIn(created.body) ?? '', receiver.received[0])).toMatchObject({ data: { number: 1 } });

  const list = await page('webhooks', staff.support);
  expect(list).toContain('our &lt;app>');
  expect([secretIn(list), list.includes('name="url"')]).toEqual([undefined, false]);
  const repeated = await staff.submitForm('webhooks', staff.admin, form);
  expect([repeated.statusCode, repeated.headers.location]).toEqual([303, '/admin/webhooks?done=repeated']);
  expect(await world.see.count('webhooks.endpoint')).toBe(1);
});

it.each([
  ['no address', { url: ' ' }, 'Enter the address'],
  [
    'an address with a password',
    { url: 'https://me:secret@app.example' },
    'Leave user name and password out',
  ],
  ['a private address', { url: 'https://10.0.0.1/' }, 'That URL is not allowed'],
  ['a long description', { url: 'https://app.example', description: 'x'.repeat(501) }, 'at most 500'],
])('a form with %s is refused and keeps what was typed', async (_, typed, problem) => {
  const fields = { description: 'typed', 'event:referral.credited': 'yes', ...typed };
  const refused = await staff.submitForm('webhooks', staff.admin, {
    ...formOf(await page('webhooks')),
    ...fields,
  });
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain(problem);
  expect(formFieldValue(refused.body, 'description')).toBe(fields.description);
  expect(/name="event:referral.credited"[^>]*checked/.test(refused.body)).toBe(true);
  expect(await world.see.count('webhooks.endpoint')).toBe(0);
});

it('an admin changes, disables and enables an endpoint; what waited is sent then, what happened meanwhile is not', async () => {
  const { id } = await world.createEndpoint({ url: receiver.url, events: ['person.created'] });
  const changed = await act(id, 'change', { url: `${receiver.url}/new`, description: 'now' });
  expect(changed.headers.location).toBe(`/admin/webhooks/${id}?done=changed`);
  expect(await world.findEndpoint(id)).toMatchObject({ description: 'now', eventTypes: null });
  await world.publish(1);
  await act(id, 'disable');
  await world.publish(2);
  await world.runHandlers();
  expect(receiver.received).toEqual([]);
  expect(await page(`webhooks/${id}`)).toContain('Disabled by request');
  await act(id, 'enable');
  await world.runHandlers();
  expect(receiver.received.map(({ path, headers }) => [path, headers['webhook-id']])).toEqual([
    ['/events/new', eventId(1)],
  ]);
});

it('a test shows what the receiver answered, as text', async () => {
  const { id } = await world.createEndpoint({ url: receiver.url });
  expect((await act(id, 'test')).body).toContain('The test was accepted: HTTP 204');
  receiver.answer = (response) => response.writeHead(500).end('<b>no</b>');
  const { statusCode, body } = await act(id, 'test');
  expect(statusCode).toBe(200);
  expect(body).toContain('The test was not accepted: HTTP 500');
  expect(body).toContain('&lt;b>no&lt;/b>');
  receiver.answer = () => {};
  expect((await act(id, 'test')).body).toContain('TIMEOUT');
});

it('a given up delivery is found by its status and sent again', async () => {
  const { id } = await world.createEndpoint({ url: receiver.url });
  await world.publish(1);
  await world.runHandlers();
  await world.sql.query(
    `UPDATE webhooks.delivery SET status = 'dead', delivered_at = NULL, last_status = 500`,
  );
  expect(await page(`webhooks/${id}?status=pending`)).toContain('Nothing matches these filters.');
  const dead = await page(`webhooks/${id}?status=dead`, staff.support);
  expect(dead).toContain('HTTP 500');
  expect(dead).not.toContain('redeliver');
  const [delivery] = await world.deliveries(id);
  const again = await act(id, `deliveries/${delivery?.id}/redeliver`);
  expect(again.headers.location).toBe(`/admin/webhooks/${id}?done=redelivered`);
  await world.runHandlers();
  expect(new Set(receiver.ids())).toEqual(new Set([delivery?.eventId]));
  expect(receiver.received).toHaveLength(2);
});

it('more deliveries than fit are on further pages', async () => {
  const { id } = await world.createEndpoint({ url: receiver.url });
  for (let number = 1; number <= 30; number++) await world.publish(number);
  await world.runHandlers();
  const first = await page(`webhooks/${id}?status=delivered`);
  const next = /href="\/admin\/(webhooks\/[^"]*after=[^"]*)"/.exec(first)?.[1] ?? '';
  const second = await page(next.replaceAll('&amp;', '&'));
  const shown = [first, second].map((body) => [...body.matchAll(/>(evt_[0-9a-f]{32})</g)].length);
  expect(shown).toEqual([25, 5]);
});

it('a new secret is shown once, and signs beside the one before', async () => {
  const { id, secret } = await world.createEndpoint({ url: receiver.url });
  const form = formOf(await page(`webhooks/${id}`));
  const rotated = await staff.submitForm(`webhooks/${id}/rotate-secret`, staff.admin, form);
  const next = secretIn(rotated.body) ?? '';
  expect(rotated.body).not.toContain('action="/language"');
  await world.publish(1);
  await world.runHandlers();
  expect(verified(next, receiver.received[0])).toEqual(verified(secret, receiver.received[0]));
  const repeated = await staff.submitForm(`webhooks/${id}/rotate-secret`, staff.admin, form);
  expect(repeated.headers.location).toBe(`/admin/webhooks/${id}?done=repeated`);
});

it('an endpoint that was deleted is gone, and an unknown one is reported', async () => {
  const { id } = await world.createEndpoint({ url: receiver.url });
  expect((await act(id, 'delete')).headers.location).toBe('/admin/webhooks?done=deleted');
  const again = await staff.submitForm(`webhooks/${id}/delete`, staff.admin, formOf(await page('webhooks')));
  expect(again.statusCode).toBe(404);
  expect((await staff.page(`webhooks/${id}`, staff.admin)).statusCode).toBe(404);
});
