import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('a subscription in the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it('a subscription in the sandbox is bought, renewed, cancelled at its end and ended, and the app is reported of each', async () => {
    const { webhookReceiver, stripe } = sandboxFixture;
    const customer = await stripe.customers.create({ email: 'anna@example.test' });
    const session = await sandboxFixture.checkout({
      customer: customer.id,
      client_reference_id: 'user-1',
      subscription_data: { metadata: { referral: 'r-1' } },
    });
    const paid = await sandboxFixture.submit(`/checkout/${session.id}`, { card: 'own' });
    expect(paid.status).toBe(303);
    expect(paid.headers.get('location')).toBe(`http://app.test/done?session=${session.id}`);

    const completed = onlyItem(await webhookReceiver.waitForEvents('checkout.session.completed'));
    expect(completed.data.object).toMatchObject({
      ...{ id: session.id, client_reference_id: 'user-1', status: 'complete', payment_status: 'paid' },
    });
    const invoicePaid = onlyItem(await webhookReceiver.waitForEvents('invoice.paid'));
    expect(invoicePaid.data.object).toMatchObject({
      ...{ amount_paid: 1_000, status: 'paid', billing_reason: 'subscription_create' },
      parent: { subscription_details: { metadata: { referral: 'r-1' } } },
    });
    expect(invoicePaid.data.object).not.toHaveProperty('payments');
    const created = onlyItem((await stripe.subscriptions.list({ customer: customer.id })).data);
    expect(created).toMatchObject({ status: 'active', metadata: { referral: 'r-1' } });

    await sandboxFixture.submit(`/subscriptions/${created.id}`, { action: 'renew' });
    const [, renewal] = await webhookReceiver.waitForEvents('invoice.paid', { count: 2 });
    expect(renewal?.data.object).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: 1_000 });
    const renewed = await stripe.subscriptions.retrieve(created.id);
    expect(periodOf(renewed).start).toBe(periodOf(created).end);

    await stripe.subscriptions.update(created.id, { cancel_at_period_end: true });
    await webhookReceiver.waitForEvents('customer.subscription.updated', {
      about: '"cancel_at_period_end":true',
    });
    await sandboxFixture.submit(`/subscriptions/${created.id}`, { action: 'renew' });
    const deleted = onlyItem(await webhookReceiver.waitForEvents('customer.subscription.deleted'));
    expect(deleted.data.object).toMatchObject({ id: created.id, status: 'canceled' });
    expect((await stripe.subscriptions.retrieve(created.id)).ended_at).not.toBeNull();
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([]);
    expect(webhookReceiver.forged).toEqual([]);
  });

  it('a subscription in the sandbox is not started by a declined card, and the checkout stays open', async () => {
    const session = await sandboxFixture.checkout({ customer_email: 'bert@example.test' });
    const refused = await sandboxFixture.submit(`/checkout/${session.id}`, {
      email: 'bert@example.test',
      card: 'declined',
    });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('Your card was declined');
    expect((await sandboxFixture.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    expect((await sandboxFixture.stripe.customers.list({ email: 'bert@example.test' })).data).toEqual([]);
  });

  it('a subscription in the sandbox is bought once when its checkout is paid twice at once', async () => {
    const customer = await sandboxFixture.stripe.customers.create({ email: 'cleo@example.test' });
    const session = await sandboxFixture.checkout({ customer: customer.id });
    const pay = () => sandboxFixture.submit(`/checkout/${session.id}`, { card: 'own' });
    const answers = await Promise.all([pay(), pay(), pay()]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
    onlyItem((await sandboxFixture.stripe.subscriptions.list({ customer: customer.id })).data);
  });

  it('a subscription in the sandbox falls past due when its renewal fails, and recovers when it is paid', async () => {
    const { subscription } = await sandboxFixture.subscriber('dora@example.test');
    await sandboxFixture.submit(`/subscriptions/${subscription.id}`, { action: 'fail' });
    await sandboxFixture.webhookReceiver.waitForEvents('invoice.payment_failed', { about: subscription.id });
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
    await sandboxFixture.submit(`/subscriptions/${subscription.id}`, { action: 'renew' });
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  it('a subscription in the sandbox gives its payment back once, by the API or the button, and shows the app', async () => {
    const { charge } = await sandboxFixture.subscriber('emil@example.test');
    const refund = await sandboxFixture.stripe.refunds.create({ charge: charge.id, amount: 400 });
    expect(refund).toMatchObject({ amount: 400, status: 'succeeded', charge: charge.id });
    await sandboxFixture.submit(`/charges/${charge.id}`, { action: 'refund' });
    const told = await sandboxFixture.webhookReceiver.waitForEvents('charge.refunded', {
      count: 2,
      about: charge.id,
    });
    expect(told.map(({ data }) => data.object)).toContainEqual(
      expect.objectContaining({ id: charge.id, amount_refunded: 1_000, refunded: true }),
    );
    const refunds = (await sandboxFixture.stripe.refunds.list({ charge: charge.id })).data;
    expect(refunds.map(({ amount }) => amount)).toEqual([600, 400]);
    await expect(sandboxFixture.stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({
      ...{ type: 'StripeInvalidRequestError', code: 'charge_already_refunded' },
    });
  });
});

function periodOf({ items }: Stripe.Subscription) {
  const item = onlyItem(items.data);
  return { start: item.current_period_start, end: item.current_period_end };
}
