import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { only, Stage } from './stage.js';

describe('the webhooks of the sandbox', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it('reach an app that was away, once it is back', async () => {
    await stage.receiver.down();
    const { id } = await stage.stripe.customers.create({ email: 'away@example.test' });
    const missed = only((await stage.stripe.events.list({ delivery_success: false })).data);
    await stage.receiver.up();
    const event = only(await stage.receiver.arrived('customer.created', { about: id }));
    expect(event.id).toBe(missed.id);
  });

  it('are sent again after an answer that is no success', async () => {
    stage.receiver.answer = 500;
    await stage.stripe.customers.create({ email: 'broken@example.test' });
    await stage.receiver.arrived('customer.created');
    stage.receiver.answer = 200;
    const [first, second] = await stage.receiver.arrived('customer.created', { count: 2 });
    expect(second?.id).toBe(first?.id);
  });

  it('continue after a restart', async () => {
    await stage.receiver.down();
    const { id } = await stage.stripe.customers.create({ email: 'restart@example.test' });
    await stage.stop();
    await stage.receiver.up();
    await stage.start();
    await stage.receiver.arrived('customer.created', { about: id });
    expect((await stage.stripe.customers.retrieve(id)).id).toBe(id);
  });

  it('deliver the same event twice on "Send again", and count as delivered', async () => {
    await stage.stripe.customers.create({ email: 'again@example.test' });
    const first = only(await stage.receiver.arrived('customer.created'));
    expect(first.pending_webhooks).toBe(1);
    const answer = await stage.submit(`/events/${first.id}`, { action: 'send' });
    expect(answer.status).toBe(303);
    const both = await stage.receiver.arrived('customer.created', { count: 2 });
    expect(both.map(({ id }) => id)).toEqual([first.id, first.id]);
    await stage.stop(); // waits until what was under way is noted
    await stage.start();
    expect((await stage.stripe.events.retrieve(first.id)).pending_webhooks).toBe(0);
    expect(only((await stage.stripe.events.list()).data).pending_webhooks).toBe(0);
    expect((await stage.stripe.events.list({ delivery_success: false })).data).toEqual([]);
    expect(await stage.page(`/events/${first.id}`)).toContain('Delivery 2');
  });

  it('stay pending while the app has not taken them', async () => {
    await stage.receiver.down();
    await stage.stripe.customers.create({ email: 'pending@example.test' });
    const { id } = only((await stage.stripe.events.list()).data);
    expect((await stage.stripe.events.retrieve(id)).pending_webhooks).toBe(1);
  });
});
