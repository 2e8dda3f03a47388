import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('faults of the delivery', () => {
  let sandboxFixture: SandboxFixture;
  beforeEach(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterEach(() => sandboxFixture.close());

  const faults = async () => (await fetch(new URL('/sandbox/faults', sandboxFixture.url))).json();
  const deliveries = async () => (await fetch(new URL('/sandbox/deliveries', sandboxFixture.url))).json();

  it('faults of the delivery are off at first, keep what is not named, and survive a restart', async () => {
    const none = { duplicate: 0, reorder: false, delayMs: 0, dropPercent: 0 };
    expect(await faults()).toEqual(none);
    await sandboxFixture.runAction('faults', { reorder: true, delayMs: 50 });
    await sandboxFixture.stop();
    await sandboxFixture.start();
    expect(await faults()).toEqual({ ...none, reorder: true, delayMs: 50 });
    await expect(sandboxFixture.runAction('faults', { dropPercent: 101 })).rejects.toThrow(
      'between 0 and 100',
    );
    await expect(sandboxFixture.runAction('faults', { dropPercant: 1 })).rejects.toThrow('unknown parameter');
  });

  it('faults of the delivery copy an event as often as they are reported, under one id', async () => {
    await sandboxFixture.runAction('faults', { duplicate: 2 });
    await sandboxFixture.stripe.customers.create();
    const told = await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { count: 3 });
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  it('faults of the delivery lose an event, which is listed as undelivered until it is sent again', async () => {
    await sandboxFixture.runAction('faults', { dropPercent: 100 });
    const customer = await sandboxFixture.stripe.customers.create();
    const lost = onlyItem((await sandboxFixture.stripe.events.list({ delivery_success: false })).data);
    expect(await deliveries()).toMatchObject({ dropped: 1, pending: 0 });
    expect(await sandboxFixture.runAction('events/send_undelivered')).toEqual({ sent: 1 });
    const told = onlyItem(
      await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { about: customer.id }),
    );
    expect(told.id).toBe(lost.id);
    expect(await sandboxFixture.runAction('events/send_undelivered')).toEqual({ sent: 0 });
  });

  it('faults of the delivery hold an event back for as long as they are reported', async () => {
    await sandboxFixture.runAction('faults', { delayMs: 3_600_000 });
    await sandboxFixture.stripe.customers.create();
    await sandboxFixture.runAction('faults', { delayMs: 0 });
    const prompt = await sandboxFixture.stripe.customers.create();
    await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { about: prompt.id });
    expect(sandboxFixture.webhookReceiver.events).toHaveLength(1);
    expect(await deliveries()).toMatchObject({ pending: 1 });
  });

  it('faults of the delivery are refused in words where a call is unknown or unreadable', async () => {
    await expect(sandboxFixture.runAction('faultz')).rejects.toThrow('GET /sandbox lists them all');
    const unreadable = await fetch(new URL('/sandbox/faults', sandboxFixture.url), {
      ...{ method: 'POST', body: 'duplicate=1', headers: { 'content-type': 'text/plain' } },
    });
    expect(unreadable.status).toBe(415);
    expect(await unreadable.json()).toHaveProperty('error.message');
  });

  it('faults of the delivery cannot be set from another site', async () => {
    const answer = await sandboxFixture.submit(
      '/sandbox/faults',
      { duplicate: '9' },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(answer.status).toBe(403);
    expect(await faults()).toMatchObject({ duplicate: 0 });
  });
});
