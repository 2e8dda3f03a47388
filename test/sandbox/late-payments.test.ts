import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('money that comes late in the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  async function debitor(card: string) {
    const customer = await sandboxFixture.stripe.customers.create({ email: 'debit@example.test' });
    const session = await sandboxFixture.checkout({ customer: customer.id });
    const done = await sandboxFixture.runAction(`checkouts/${session.id}/pay`, { card });
    expect(done).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    const charge = onlyItem((await sandboxFixture.stripe.charges.list({ customer: customer.id })).data);
    expect(charge).toMatchObject({ status: 'pending', paid: false });
    return { session, charge, subscription: String(done.subscription), invoice: String(done.invoice) };
  }

  it.each([
    ['sepa', 'active'],
    ['sepa_incomplete', 'incomplete'],
  ])(
    'money that comes late in the sandbox arrives after a checkout with %s, whose subscription is %s until then',
    async (card, status) => {
      const { session, charge, subscription, invoice } = await debitor(card);
      expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription)).status).toBe(status);
      expect((await sandboxFixture.stripe.invoices.retrieve(invoice)).status).toBe('open');
      await sandboxFixture.runAction(`charges/${charge.id}/arrive`);
      expect(await sandboxFixture.stripe.invoices.retrieve(invoice)).toMatchObject({
        status: 'paid',
        amount_paid: 1_000,
      });
      expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription)).status).toBe('active');
      expect(await sandboxFixture.eventTypesOf(session.id)).toEqual([
        ...['checkout.session.completed', 'checkout.session.async_payment_succeeded'],
      ]);
      expect(await sandboxFixture.eventTypesOf(invoice)).toEqual([
        ...['invoice.created', 'invoice.finalized', 'invoice.paid', 'invoice.payment_succeeded'],
      ]);
    },
  );

  it('money that comes late in the sandbox does not arrive: the checkout is reported so, the subscription is past due', async () => {
    const { session, charge, subscription, invoice } = await debitor('sepa');
    await sandboxFixture.runAction(`charges/${charge.id}/bounce`);
    expect((await sandboxFixture.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe(
      'unpaid',
    );
    expect(await sandboxFixture.eventTypesOf(session.id)).toContain('checkout.session.async_payment_failed');
    expect(await sandboxFixture.eventTypesOf(invoice)).toContain('invoice.payment_failed');
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription)).status).toBe('past_due');
    await expect(sandboxFixture.runAction(`charges/${charge.id}/arrive`)).rejects.toThrow('is failed');
  });

  it('money that comes late in the sandbox comes in two parts, and the invoice is paid with the second', async () => {
    const { subscription } = await sandboxFixture.subscriber('half@example.test');
    await sandboxFixture.runAction(`subscriptions/${subscription.id}/fail`);
    const { latest_invoice } = await sandboxFixture.stripe.subscriptions.retrieve(subscription.id);
    const invoice = String(latest_invoice);
    await sandboxFixture.runAction(`invoices/${invoice}/pay`, { amount: 300 });
    expect(await sandboxFixture.stripe.invoices.retrieve(invoice)).toMatchObject({
      ...{ status: 'open', amount_paid: 300, amount_remaining: 700 },
    });
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
    await sandboxFixture.runAction(`invoices/${invoice}/pay`);
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    const { data } = await sandboxFixture.stripe.invoicePayments.list({ invoice, status: 'paid' });
    expect(data.map(({ amount_paid }) => amount_paid)).toEqual([700, 300]);
    const told = await sandboxFixture.webhookReceiver.waitForEvents('invoice_payment.paid', {
      count: 2,
      about: invoice,
    });
    expect(told).toHaveLength(2);
  });

  it('money that comes late in the sandbox does not come: dunned, given up as unpaid, and recovered all the same', async () => {
    const { subscription } = await sandboxFixture.subscriber('dunned@example.test');
    const press = (name: string) => sandboxFixture.runAction(`subscriptions/${subscription.id}/${name}`);
    expect((await press('fail')).status).toBe('past_due');
    expect((await press('fail')).status).toBe('past_due');
    expect((await press('unpaid')).status).toBe('unpaid');
    expect((await press('renew')).status).toBe('active');
    const invoice = String(
      (await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).latest_invoice,
    );
    expect((await sandboxFixture.stripe.invoices.retrieve(invoice)).attempt_count).toBe(3);
    await press('fail');
    expect(await press('give_up')).toMatchObject({
      ...{ status: 'canceled', cancellation_details: { reason: 'payment_failed' } },
    });
  });

  it('money that comes late in the sandbox waits for the holder of the card, who then confirms', async () => {
    const { subscription } = await sandboxFixture.subscriber('asked@example.test');
    await sandboxFixture.runAction(`subscriptions/${subscription.id}/ask`);
    await sandboxFixture.webhookReceiver.waitForEvents('invoice.payment_action_required', {
      about: subscription.id,
    });
    await sandboxFixture.runAction(`subscriptions/${subscription.id}/renew`);
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  it('money that comes late in the sandbox stops with a pause when a trial ends without a card, and goes on with one', async () => {
    const customer = await sandboxFixture.stripe.customers.create({ email: 'paused@example.test' });
    const session = await sandboxFixture.checkout({
      customer: customer.id,
      subscription_data: { trial_period_days: 14 },
    });
    const { subscription } = await sandboxFixture.runAction(`checkouts/${session.id}/pay`);
    const id = String(subscription);
    expect((await sandboxFixture.runAction(`subscriptions/${id}/pause`)).status).toBe('paused');
    await expect(sandboxFixture.stripe.subscriptions.resume(id)).rejects.toThrow('add a payment method');
    await sandboxFixture.runAction(`subscriptions/${id}/resume`);
    expect((await sandboxFixture.stripe.subscriptions.retrieve(id)).status).toBe('active');
    expect(await sandboxFixture.eventTypesOf(id)).toEqual([
      'customer.subscription.created',
      'customer.subscription.updated',
      'customer.subscription.paused',
      'customer.subscription.updated',
      'customer.subscription.resumed',
    ]);
  });

  it('money that comes late in the sandbox ends with its customer, whose subscription is cancelled first', async () => {
    const { customer, subscription } = await sandboxFixture.subscriber('gone@example.test');
    await sandboxFixture.runAction(`customers/${customer.id}/delete`);
    const [gone] = (await sandboxFixture.stripe.events.list({ type: 'customer.deleted' })).data;
    const [ended] = (await sandboxFixture.stripe.events.list({ type: 'customer.subscription.deleted' })).data;
    expect(gone?.data.object).toMatchObject({ id: customer.id });
    expect(ended?.data.object).toMatchObject({ id: subscription.id, status: 'canceled' });
    expect(await sandboxFixture.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  });
});
