import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EndpointTests } from '../../src/outgoing-webhooks/endpoints/endpoint-tests.service.js';
import { WebhookEndpointsService } from '../../src/outgoing-webhooks/endpoints/webhook-endpoints.service.js';
import { DeliveriesRepository } from '../../src/outgoing-webhooks/deliveries/deliveries.repository.js';
import { RedeliveryService } from '../../src/outgoing-webhooks/deliveries/redelivery.service.js';
import { addMs, dayMs, hourMs, minuteMs } from '../../src/platform/durations.js';
import { Receiver, verified } from './receiver.js';
import { createWebhookWorld, eventId, operator, type WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
const receiver = new Receiver();
beforeAll(async () => {
  await receiver.open();
  world = await createWebhookWorld({ webhookTimeoutMs: 300 });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

beforeEach(async () => {
  receiver.reset();
  world.clock.set(new Date());
  await world.sql.query(`TRUNCATE webhooks.delivery, webhooks.event, webhooks.endpoint`);
});

const service = () => world.get(WebhookEndpointsService);

describe('a webhook', () => {
  it('is signed as Standard Webhooks says, and says what happened', async () => {
    const { secret } = await world.createEndpoint({ url: receiver.url });
    const id = await world.publish(1);
    await world.runHandlers();
    const [webhook] = receiver.received;
    expect(webhook?.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json' });
    expect(verified(secret, webhook)).toEqual({
      type: 'access.changed',
      timestamp: world.clock.now().toISOString(),
      data: { number: 1 },
    });
  });

  it('goes only to endpoints that want its type, once to each', async () => {
    const all = await world.createEndpoint({ url: `${receiver.url}/all` });
    await world.createEndpoint({ url: `${receiver.url}/some`, events: ['person.created'] });
    await world.publish(1);
    await world.publish(1);
    await world.publish(2, 'person.created');
    await world.runHandlers();
    expect(receiver.received.map(({ path }) => path).sort()).toEqual([
      '/events/all',
      '/events/all',
      '/events/some',
    ]);
    expect((await world.deliveries(all.id)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('is signed with both secrets for a day after a rotation, then with the new one alone', async () => {
    const { id, secret } = await world.createEndpoint({ url: receiver.url });
    const rotated = await world.database.transaction((tx) => service().rotateSecret(tx, id, operator));
    await world.publish(1);
    await world.runHandlers();
    const [both] = receiver.received;
    expect(verified(rotated.secret, both)).toEqual(verified(secret, both));
    expect(() => verified('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', both)).toThrow();
    world.clock.set(addMs(new Date(), dayMs));
    await world.publish(2);
    await world.runHandlers();
    expect(String(receiver.received[1]?.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });
});

describe('a receiver that fails', () => {
  it('gets each of its webhooks again under the same id until it takes it, though it loses a third', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    const random = [0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0];
    let turn = 0;
    receiver.answer = (response) =>
      response.writeHead(random[turn++ % random.length] === 0 ? 500 : 200).end();
    for (let number = 1; number <= 30; number++) await world.publish(number);
    await world.runHandlers();
    for (let step = 0; step < 8; step++) {
      world.clock.set(addMs(world.clock.now(), hourMs * 6));
      await world.runHandlers();
    }
    const statuses = (await world.deliveries(id)).map(({ status }) => status);
    expect(statuses).toEqual(Array(30).fill('delivered'));
    expect(new Set(receiver.ids()).size).toBe(30);
    expect(receiver.received.length).toBeGreaterThan(30);
    expect((await world.findEndpoint(id)).failingSince).toBeNull();
  });

  it.each([
    ['a redirect, which is not followed', 302, 302, null],
    ['an error of its own', 503, 503, null],
  ])('is tried again after %s', async (_, status, lastStatus, lastError) => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) =>
      response.writeHead(status, { location: receiver.url.replace('/events', '/elsewhere') }).end();
    await world.publish(1);
    await world.runHandlers();
    const [delivery] = await world.deliveries(id);
    expect(delivery).toMatchObject({ status: 'failed', attempts: 1, lastStatus, lastError });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/events']);
    await world.runHandlers();
    expect(receiver.received).toHaveLength(1);
    world.clock.set(addMs(world.clock.now(), minuteMs));
    await world.runHandlers();
    expect(receiver.received).toHaveLength(2);
  });

  it('gets nothing for as long as it asks with Retry-After, and does not count that as failed attempts', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': '600' }).end();
    await world.publish(1);
    await world.runHandlers();
    receiver.reset();
    await world.publish(2);
    world.clock.set(addMs(world.clock.now(), 9 * minuteMs));
    await world.runHandlers();
    expect(receiver.received).toHaveLength(0);
    world.clock.set(addMs(world.clock.now(), minuteMs));
    await world.runHandlers();
    expect(receiver.ids().toSorted()).toEqual([eventId(1), eventId(2)]);
    expect((await world.deliveries(id)).map(({ attempts }) => attempts).toSorted()).toEqual([1, 2]);
  });

  it('does not delay another by hanging, and its attempt ends in time', async () => {
    const hanging = await world.createEndpoint({ url: `${receiver.url}/hangs` });
    const healthy = await world.createEndpoint({ url: `${receiver.url}/works` });
    receiver.answer = (response, { path }) => {
      if (path.endsWith('works')) response.writeHead(200).end();
    };
    for (let number = 1; number <= 8; number++) await world.publish(number);
    await world.runHandlers();
    const order = receiver.received.map(({ path }) => path.split('/').at(-1));
    // four at a time of each: the one that hangs takes no place of the other
    expect(order.slice(0, 8).sort()).toEqual([...Array(4).fill('hangs'), ...Array(4).fill('works')]);
    const statuses = async (id: string) =>
      new Set((await world.deliveries(id)).map(({ status, lastError }) => `${status} ${lastError}`));
    expect(await statuses(healthy.id)).toEqual(new Set(['delivered null']));
    expect(await statuses(hanging.id)).toEqual(new Set(['failed TIMEOUT']));
  });

  it('that answers without end is read no further than a kilobyte', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const write = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    };
    const result = await world.get(EndpointTests).run(id);
    expect(result).toMatchObject({ accepted: true, status: 200 });
    expect(result.body).toHaveLength(1024);
  });

  it.each([
    [
      'switches to another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'NO_ANSWER',
    ],
    ['says early hints alone', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'TIMEOUT'],
    ['begins an answer', 'HTTP/1.1 200 O', 'TIMEOUT'],
    ['sends something else', 'hello\r\n\r\n', 'HPE_INVALID_CONSTANT'],
    ['sends huge headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
  ])('that %s ends the attempt, and is tried again', async (_, bytes, lastError) => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.socket?.write(bytes);
    await world.publish(1);
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'failed', lastStatus: null, lastError }]);
  });

  it('that begins a body and never ends it has taken the webhook', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.writeHead(200, { 'content-length': '100' }).write('a');
    await world.publish(1);
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'delivered', lastStatus: 200 }]);
  });

  it('that resets the connection is tried again', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.socket?.resetAndDestroy();
    await world.publish(1);
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'failed', lastError: 'ECONNRESET' }]);
  });

  it('that is unreachable is reported with the reason', async () => {
    const { id } = await world.createEndpoint({ url: 'http://127.0.0.1:1/' });
    expect(await world.get(EndpointTests).run(id)).toMatchObject({ accepted: false, error: 'ECONNREFUSED' });
  });

  it('that answers 410 is disabled at once, and gets nothing more', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.writeHead(410).end();
    await world.publish(1);
    await world.runHandlers();
    expect(await world.findEndpoint(id)).toMatchObject({ disabledReason: 'gone' });
    expect((await world.deliveries(id)).map(({ status }) => status)).toEqual(['dead']);
    await world.publish(2);
    await world.runHandlers();
    expect(receiver.received).toHaveLength(1);
  });

  it('for three days is disabled, its admins are emailed once, and the audit log says so', async () => {
    const admin = await world.given.user({ role: 'admin' });
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.writeHead(500).end();
    await world.publish(1);
    await world.publish(2);
    await world.runHandlers();
    for (let step = 0; step < 40 && (await world.findEndpoint(id)).disabledAt === null; step++) {
      world.clock.set(addMs(world.clock.now(), hourMs * 3));
      await world.runHandlers();
    }
    expect(await world.findEndpoint(id)).toMatchObject({ disabledReason: 'failing' });
    const emails = await world.sql.query<{ subject: string }>(
      `SELECT subject FROM notifications.captured_email WHERE recipient = $1 AND id LIKE 'webhook-endpoint%'`,
      [admin.email],
    );
    expect(emails.rows).toEqual([{ subject: `Webhooks to ${new URL(receiver.url).host} have stopped` }]);
    expect(
      await world.see.count(`platform.audit WHERE action = 'webhook_endpoint.disabled'`),
    ).toBeGreaterThan(0);
  });

  it('is dead after ten attempts, and is sent again on request with its attempts counted on', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    receiver.answer = (response) => response.writeHead(500).end();
    await world.publish(1);
    await world.runHandlers();
    const [delivery] = await world.deliveries(id);
    await world.sql.query(`UPDATE webhooks.delivery SET attempts = 9, next_attempt_at = $1`, [
      world.clock.now(),
    ]);
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'dead', attempts: 10, nextAttemptAt: null }]);
    receiver.reset();
    const redeliver = () =>
      world.database.transaction((tx) =>
        world.get(RedeliveryService).redeliver(tx, delivery?.id ?? '', operator),
      );
    expect(await redeliver()).toMatchObject({ status: 'pending', attempts: 10 });
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 11 }]);
    expect(receiver.ids()).toEqual([eventId(1)]);
  });
});

describe('a delivery that is asked for again while it is sent', () => {
  it('is sent again, though the attempt that was under way was its last', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    await world.publish(1);
    await world.sql.query(`UPDATE webhooks.delivery SET attempts = 9`);
    const repository = world.get(DeliveriesRepository);
    const [claimed] = await world.database.transaction((tx) =>
      repository.claimDue(tx, new Map(), 4, minuteMs),
    );
    if (claimed === undefined) throw new Error('Nothing was due');
    await world.database.transaction((tx) =>
      world.get(RedeliveryService).redeliver(tx, claimed.id, operator),
    );
    const last = { status: 500, error: null, nextAttemptAt: null };
    expect(await world.database.transaction((tx) => repository.markFailed(tx, claimed, last))).toBe(false);
    await world.runHandlers();
    expect(await world.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 11 }]);
  });
});

describe('a worker that dies while it sends', () => {
  it('loses nothing: another sends it again, and the late result of the first changes nothing', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    await world.publish(1);
    const repository = world.get(DeliveriesRepository);
    const [claimed] = await world.database.transaction((tx) =>
      repository.claimDue(tx, new Map(), 4, minuteMs),
    );
    await world.runHandlers();
    expect(receiver.received).toEqual([]);
    world.clock.set(addMs(world.clock.now(), minuteMs));
    await world.runHandlers();
    expect(receiver.ids()).toEqual([eventId(1)]);
    const late = { status: 500, error: null, nextAttemptAt: world.clock.now() };
    if (claimed === undefined) throw new Error('Nothing was due');
    expect(await world.database.transaction((tx) => repository.markFailed(tx, claimed, late))).toBe(false);
    expect(await world.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });
});

describe('an endpoint', () => {
  it('that is disabled gets nothing, and what waited once it is enabled again', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    await world.publish(1);
    const change = (enabled: boolean) =>
      world.database.transaction((tx) => service().change(tx, id, { enabled }, operator));
    expect(await change(false)).toMatchObject({ enabled: false, disabledReason: 'manual' });
    await world.publish(2);
    await world.runHandlers();
    expect(receiver.received).toEqual([]);
    expect(await change(true)).toMatchObject({ enabled: true, disabledReason: null });
    await world.runHandlers();
    expect(receiver.ids()).toEqual([eventId(1)]);
  });

  it('that is deleted gets nothing more, and its secret is gone', async () => {
    const { id } = await world.createEndpoint({ url: receiver.url });
    await world.publish(1);
    const remove = () => world.database.transaction((tx) => service().delete(tx, id, operator));
    await remove();
    await world.runHandlers();
    expect(receiver.received).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ code: 'request.not_found' });
    const { rows } = await world.sql.query(`SELECT secret FROM webhooks.endpoint`);
    expect(rows).toEqual([{ secret: '' }]);
  });

  it('is one of twenty at most, however many are added at once', async () => {
    const added = await Promise.allSettled(
      Array.from({ length: 25 }, (_, index) => world.createEndpoint({ url: `${receiver.url}/${index}` })),
    );
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await world.see.count('webhooks.endpoint')).toBe(20);
  });

  it('keeps its secret where the database does not show it', async () => {
    const { secret } = await world.createEndpoint({ url: receiver.url });
    const { rows } = await world.sql.query<{ secret: string }>(`SELECT secret FROM webhooks.endpoint`);
    expect(rows[0]?.secret).not.toContain(secret.slice('whsec_'.length));
  });
});
