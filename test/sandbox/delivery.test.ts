import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('the webhooks of the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeEach(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterEach(() => sandboxFixture.close());

  it('the webhooks of the sandbox reach an app that was away, once it is back', async () => {
    await sandboxFixture.webhookReceiver.stop();
    const { id } = await sandboxFixture.stripe.customers.create({ email: 'away@example.test' });
    const missed = onlyItem((await sandboxFixture.stripe.events.list({ delivery_success: false })).data);
    await sandboxFixture.webhookReceiver.start();
    const event = onlyItem(
      await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { about: id }),
    );
    expect(event.id).toBe(missed.id);
  });

  it('the webhooks of the sandbox are sent again after an answer that is no success', async () => {
    sandboxFixture.webhookReceiver.responseStatus = 500;
    await sandboxFixture.stripe.customers.create({ email: 'broken@example.test' });
    await sandboxFixture.webhookReceiver.waitForEvents('customer.created');
    sandboxFixture.webhookReceiver.responseStatus = 200;
    const [first, second] = await sandboxFixture.webhookReceiver.waitForEvents('customer.created', {
      count: 2,
    });
    expect(second?.id).toBe(first?.id);
  });

  it('the webhooks of the sandbox continue after a restart', async () => {
    await sandboxFixture.webhookReceiver.stop();
    const { id } = await sandboxFixture.stripe.customers.create({ email: 'restart@example.test' });
    await sandboxFixture.stop();
    await sandboxFixture.webhookReceiver.start();
    await sandboxFixture.start();
    await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { about: id });
    expect((await sandboxFixture.stripe.customers.retrieve(id)).id).toBe(id);
  });

  it('the webhooks of the sandbox deliver the same event twice on "Send again", and count as delivered', async () => {
    await sandboxFixture.stripe.customers.create({ email: 'again@example.test' });
    const first = onlyItem(await sandboxFixture.webhookReceiver.waitForEvents('customer.created'));
    expect(first.pending_webhooks).toBe(1);
    const answer = await sandboxFixture.submit(`/events/${first.id}`, { action: 'send' });
    expect(answer.status).toBe(303);
    const both = await sandboxFixture.webhookReceiver.waitForEvents('customer.created', { count: 2 });
    expect(both.map(({ id }) => id)).toEqual([first.id, first.id]);
    await sandboxFixture.stop(); // waits until what was under way is noted
    await sandboxFixture.start();
    expect((await sandboxFixture.stripe.events.retrieve(first.id)).pending_webhooks).toBe(0);
    expect(onlyItem((await sandboxFixture.stripe.events.list()).data).pending_webhooks).toBe(0);
    expect((await sandboxFixture.stripe.events.list({ delivery_success: false })).data).toEqual([]);
    expect(await sandboxFixture.page(`/events/${first.id}`)).toContain('Delivery 2');
  });

  it('the webhooks of the sandbox stay pending while the app has not taken them', async () => {
    await sandboxFixture.webhookReceiver.stop();
    await sandboxFixture.stripe.customers.create({ email: 'pending@example.test' });
    const { id } = onlyItem((await sandboxFixture.stripe.events.list()).data);
    expect((await sandboxFixture.stripe.events.retrieve(id)).pending_webhooks).toBe(1);
  });
});
