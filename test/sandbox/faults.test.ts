import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { only, Stage } from './stage.js';

describe('faults of the delivery', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const faults = async () => (await fetch(new URL('/sandbox/faults', stage.url))).json();
  const deliveries = async () => (await fetch(new URL('/sandbox/deliveries', stage.url))).json();

  it('are off at first, keep what is not named, and survive a restart', async () => {
    const none = { duplicate: 0, reorder: false, delayMs: 0, dropPercent: 0 };
    expect(await faults()).toEqual(none);
    await stage.press('faults', { reorder: true, delayMs: 50 });
    await stage.stop();
    await stage.start();
    expect(await faults()).toEqual({ ...none, reorder: true, delayMs: 50 });
    await expect(stage.press('faults', { dropPercent: 101 })).rejects.toThrow('between 0 and 100');
    await expect(stage.press('faults', { dropPercant: 1 })).rejects.toThrow('unknown parameter');
  });

  it('copy an event as often as they are told, under one id', async () => {
    await stage.press('faults', { duplicate: 2 });
    await stage.stripe.customers.create();
    const told = await stage.receiver.arrived('customer.created', { count: 3 });
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  it('lose an event, which is listed as undelivered until it is sent again', async () => {
    await stage.press('faults', { dropPercent: 100 });
    const customer = await stage.stripe.customers.create();
    const lost = only((await stage.stripe.events.list({ delivery_success: false })).data);
    expect(await deliveries()).toMatchObject({ dropped: 1, pending: 0 });
    expect(await stage.press('events/send_undelivered')).toEqual({ sent: 1 });
    const told = only(await stage.receiver.arrived('customer.created', { about: customer.id }));
    expect(told.id).toBe(lost.id);
    expect(await stage.press('events/send_undelivered')).toEqual({ sent: 0 });
  });

  it('hold an event back for as long as they are told', async () => {
    await stage.press('faults', { delayMs: 3_600_000 });
    await stage.stripe.customers.create();
    await stage.press('faults', { delayMs: 0 });
    const prompt = await stage.stripe.customers.create();
    await stage.receiver.arrived('customer.created', { about: prompt.id });
    expect(stage.receiver.events).toHaveLength(1);
    expect(await deliveries()).toMatchObject({ pending: 1 });
  });

  it('are refused in words where a call is unknown or unreadable', async () => {
    await expect(stage.press('faultz')).rejects.toThrow('GET /sandbox lists them all');
    const unreadable = await fetch(new URL('/sandbox/faults', stage.url), {
      ...{ method: 'POST', body: 'duplicate=1', headers: { 'content-type': 'text/plain' } },
    });
    expect(unreadable.status).toBe(415);
    expect(await unreadable.json()).toHaveProperty('error.message');
  });

  it('cannot be set from another site', async () => {
    const answer = await stage.submit(
      '/sandbox/faults',
      { duplicate: '9' },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(answer.status).toBe(403);
    expect(await faults()).toMatchObject({ duplicate: 0 });
  });
});
