import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

const DAY = 86_400;

describe('what a reconciliation asks the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it('what a reconciliation asks the sandbox is answered about one customer, one payment and one time', async () => {
    const { stripe } = sandboxFixture;
    const { customer, subscription, charge } = await sandboxFixture.subscriber('asked@example.test');
    await sandboxFixture.subscriber('other@example.test');
    const invoice = String(subscription.latest_invoice);
    const payment_intent = String(charge.payment_intent);
    const refund = await stripe.refunds.create({ payment_intent, amount: 100 });
    const dispute = await sandboxFixture.runAction(`charges/${charge.id}/inquire`);
    const soon = { created: { gte: customer.created, lt: customer.created + 60 } };
    const ids = async (list: Promise<{ data: { id: string }[] }>) => (await list).data.map(({ id }) => id);

    expect(await ids(stripe.invoices.list({ subscription: subscription.id, ...soon }))).toEqual([invoice]);
    expect(await ids(stripe.invoices.list({ status: 'open' }))).toEqual([]);
    expect(await ids(stripe.refunds.list({ payment_intent, ...soon }))).toEqual([refund.id]);
    expect(await ids(stripe.refunds.list({ charge: charge.id }))).toEqual([refund.id]);
    expect(await ids(stripe.disputes.list({ payment_intent, ...soon }))).toEqual([dispute.id]);
    expect(await ids(stripe.charges.list({ payment_intent }))).toEqual([charge.id]);
    expect(await ids(stripe.subscriptions.list({ status: 'all', customer: customer.id, ...soon }))).toEqual([
      subscription.id,
    ]);
    expect(await ids(stripe.subscriptions.list({ created: { gt: customer.created + 60 } }))).toEqual([]);
    const paid = await stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent },
      status: 'paid',
    });
    expect(onlyItem(paid.data)).toMatchObject({ invoice, amount_paid: 1_000, is_default: true });
    expect((await stripe.invoicePayments.list({ invoice })).data).toEqual(paid.data);
    const expanded = await stripe.invoices.retrieve(invoice, { expand: ['payments'] });
    expect(expanded.payments?.data).toEqual(paid.data);
  });

  it('pages through events of some types, oldest first with ending_before', async () => {
    const { stripe } = sandboxFixture;
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push((await stripe.customers.create()).id);
    const first = onlyItem(
      (await stripe.events.list({ type: 'customer.created', limit: 100 })).data.slice(-1),
    );
    const types = ['customer.created', 'customer.deleted'];
    const seen: unknown[] = [];
    for await (const { data } of stripe.events.list({ types, ending_before: first.id, limit: 2 }))
      if ('id' in data.object) seen.push(data.object.id);
    expect(seen.slice(-5)).toEqual(made);
    expect((await stripe.events.list({ types, created: { lt: first.created } })).data).toEqual([]);
  });

  it('what a reconciliation asks the sandbox is answered about the account and the endpoint, each with a date and a request id', async () => {
    const { stripe } = sandboxFixture;
    const account = await stripe.accounts.retrieveCurrent();
    expect(account.id).toBe('acct_sandbox');
    expect(Date.parse(String(account.lastResponse.headers.date))).not.toBeNaN();
    expect(account.lastResponse.requestId).toMatch(/^req_/);
    const endpoint = onlyItem((await stripe.webhookEndpoints.list()).data);
    expect(endpoint).toMatchObject({
      status: 'enabled',
      enabled_events: ['*'],
      url: sandboxFixture.webhookReceiver.url,
    });
    expect(await stripe.webhookEndpoints.retrieve(endpoint.id)).toMatchObject(endpoint);
  });

  it('what a reconciliation asks the sandbox moves the next charge by some days, as previewed, and bills again behind them', async () => {
    const { stripe } = sandboxFixture;
    const { customer, subscription } = await sandboxFixture.subscriber('deferred@example.test');
    const end = onlyItem(subscription.items.data).current_period_end + 45 * DAY;
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { trial_end: end, proration_behavior: 'none' },
    });
    expect(preview).toMatchObject({ amount_due: 0, status: 'draft' });
    const deferred = await stripe.subscriptions.update(subscription.id, {
      trial_end: end,
      proration_behavior: 'none',
      metadata: { deferral_1: String(end) },
    });
    expect(deferred).toMatchObject({
      status: 'trialing',
      trial_end: end,
      metadata: { deferral_1: `${end}` },
    });
    const [zero] = (await stripe.invoices.list({ customer: customer.id })).data;
    expect(zero).toMatchObject({ status: 'paid', amount_paid: 0, billing_reason: 'subscription_update' });

    const upcoming = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(onlyItem(upcoming.lines.data).period.start).toBe(end);
    await sandboxFixture.runAction(`subscriptions/${subscription.id}/renew`);
    const [billed] = (await stripe.invoices.list({ customer: customer.id })).data;
    expect(billed).toMatchObject({ amount_paid: 1_000, billing_reason: 'subscription_cycle' });
    expect(onlyItem(billed?.lines.data ?? []).period.start).toBe(end);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });
});
