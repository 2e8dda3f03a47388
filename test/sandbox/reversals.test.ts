import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyItem, SandboxFixture } from './sandbox-fixture.js';

describe('money that goes back in the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it('money that goes back in the sandbox is refunded in parts, and counted as long as no part fails', async () => {
    const { charge } = await sandboxFixture.subscriber('parts@example.test');
    await sandboxFixture.stripe.refunds.create({ charge: charge.id, amount: 300, reason: 'duplicate' });
    const pending = await sandboxFixture.runAction(`charges/${charge.id}/refund`, {
      amount: 200,
      status: 'pending',
    });
    expect(pending).toMatchObject({ object: 'refund', amount: 200, status: 'pending' });
    await sandboxFixture.runAction(`charges/${charge.id}/refund`);
    expect(await sandboxFixture.stripe.charges.retrieve(charge.id)).toMatchObject({
      ...{ amount_refunded: 1_000, refunded: true },
    });

    await sandboxFixture.runAction(`refunds/${String(pending.id)}/succeed`);
    await sandboxFixture.runAction(`refunds/${String(pending.id)}/fail`);
    expect(await sandboxFixture.stripe.refunds.retrieve(String(pending.id))).toMatchObject({
      status: 'failed',
    });
    expect(await sandboxFixture.stripe.charges.retrieve(charge.id)).toMatchObject({
      ...{ amount_refunded: 800, refunded: false },
    });
    expect(await sandboxFixture.eventTypesOf(String(pending.id))).toEqual([
      'refund.created',
      'refund.updated',
      'charge.refund.updated',
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
    ]);
    expect(await sandboxFixture.eventTypesOf(charge.id)).toEqual([
      ...['charge.succeeded', 'charge.refunded', 'charge.refunded', 'charge.refunded', 'charge.updated'],
    ]);
    await expect(sandboxFixture.runAction(`refunds/${String(pending.id)}/fail`)).rejects.toThrow('is failed');
  });

  it('money that goes back in the sandbox goes through every turn of a dispute', async () => {
    const { charge } = await sandboxFixture.subscriber('turns@example.test');
    const inquiry = await sandboxFixture.runAction(`charges/${charge.id}/inquire`);
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      payment_method_details: { card: { case_type: 'inquiry' } },
      balance_transactions: [],
    });
    const id = String(inquiry.id);
    const turns = ['respond', 'escalate', 'respond', 'lost', 'appeal', 'respond', 'won'];
    const statuses: unknown[] = [];
    for (const turn of turns)
      statuses.push((await sandboxFixture.runAction(`disputes/${id}/${turn}`)).status);
    expect(statuses).toEqual([
      ...['warning_under_review', 'needs_response', 'under_review', 'lost'],
      ...['appeal_needs_response', 'appeal_under_review', 'won'],
    ]);
    expect(await sandboxFixture.eventTypesOf(id)).toEqual([
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    const over = await sandboxFixture.stripe.disputes.retrieve(id);
    expect(over.balance_transactions.map(({ amount }) => amount)).toEqual([-1_000, 1_000]);
    await expect(sandboxFixture.runAction(`disputes/${id}/lost`)).rejects.toThrow('cannot lost');
  });

  it('money that goes back in the sandbox cannot be refunded while the bank has it, but while the bank only asks', async () => {
    const asked = await sandboxFixture.subscriber('asked@example.test');
    const taken = await sandboxFixture.subscriber('taken@example.test');
    await sandboxFixture.runAction(`charges/${asked.charge.id}/inquire`);
    await sandboxFixture.runAction(`charges/${taken.charge.id}/dispute`);
    await expect(sandboxFixture.stripe.refunds.create({ charge: taken.charge.id })).rejects.toMatchObject({
      code: 'charge_disputed',
    });
    const refund = await sandboxFixture.stripe.refunds.create({ charge: asked.charge.id });
    expect(refund.status).toBe('succeeded');
  });

  it('money that goes back in the sandbox is warned of before it is disputed, and the warning is over once it is', async () => {
    const { charge } = await sandboxFixture.subscriber('warned@example.test');
    const warning = await sandboxFixture.runAction(`charges/${charge.id}/warn`);
    expect(warning).toMatchObject({ object: 'radar.early_fraud_warning', actionable: true });
    await sandboxFixture.runAction(`charges/${charge.id}/dispute`);
    const { data } = await sandboxFixture.stripe.radar.earlyFraudWarnings.list({ charge: charge.id });
    expect(onlyItem(data)).toMatchObject({ id: warning.id, actionable: false });
    expect(await sandboxFixture.eventTypesOf(String(warning.id))).toEqual([
      ...['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
    ]);
  });

  it('money that goes back in the sandbox is credited as a refund or on the balance, which the next invoice uses up', async () => {
    const { customer, subscription } = await sandboxFixture.subscriber('credited@example.test');
    const invoice = String(subscription.latest_invoice);
    const refunded = await sandboxFixture.stripe.creditNotes.create({
      invoice,
      amount: 400,
      refund_amount: 400,
    });
    await expect(
      sandboxFixture.stripe.creditNotes.create({ invoice, amount: 400, refund_amount: 300 }),
    ).rejects.toMatchObject({ param: 'amount' });
    expect(refunded).toMatchObject({ type: 'post_payment', post_payment_amount: 400, status: 'issued' });
    const refund = await sandboxFixture.stripe.refunds.retrieve(String(refunded.refunds[0]?.refund));
    expect(refund).toMatchObject({ amount: 400, status: 'succeeded' });
    const balanced = await sandboxFixture.stripe.creditNotes.create({
      invoice,
      amount: 600,
      credit_amount: 600,
    });
    expect(balanced.customer_balance_transaction).toMatch(/^cbtxn_/);
    await expect(
      sandboxFixture.stripe.creditNotes.create({ invoice, amount: 1, credit_amount: 1 }),
    ).rejects.toMatchObject({ param: 'amount' });
    const { data } = await sandboxFixture.stripe.creditNotes.list({ invoice });
    expect(data.map(({ id }) => id)).toEqual([balanced.id, refunded.id]);

    await sandboxFixture.runAction(`subscriptions/${subscription.id}/renew`);
    const [next] = (await sandboxFixture.stripe.invoices.list({ customer: customer.id })).data;
    expect(next).toMatchObject({ total: 1_000, amount_due: 400, amount_paid: 400, starting_balance: -600 });
    expect((await sandboxFixture.stripe.customers.retrieve(customer.id)) as object).toMatchObject({
      balance: 0,
    });
  });

  it('money that goes back in the sandbox comes off the balance again when its credit note is voided', async () => {
    const { customer, subscription } = await sandboxFixture.subscriber('voided@example.test');
    const invoice = String(subscription.latest_invoice);
    const note = await sandboxFixture.runAction(`invoices/${invoice}/credit_balance`, { amount: 250 });
    expect((await sandboxFixture.stripe.customers.retrieve(customer.id)) as object).toMatchObject({
      balance: -250,
    });
    const voided = await sandboxFixture.stripe.creditNotes.voidCreditNote(String(note.id));
    expect(voided).toMatchObject({ status: 'void', post_payment_amount: 250 });
    expect((await sandboxFixture.stripe.customers.retrieve(customer.id)) as object).toMatchObject({
      balance: 0,
    });
    expect(await sandboxFixture.eventTypesOf(voided.id)).toEqual([
      'credit_note.created',
      'credit_note.voided',
    ]);
    expect((await sandboxFixture.stripe.invoices.retrieve(invoice)).post_payment_credit_notes_amount).toBe(0);
  });
});
