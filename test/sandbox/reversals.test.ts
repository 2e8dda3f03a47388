import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { only, Stage } from './stage.js';

describe('money that goes back in the sandbox', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('is refunded in parts, and counted as long as no part fails', async () => {
    const { charge } = await stage.subscriber('parts@example.test');
    await stage.stripe.refunds.create({ charge: charge.id, amount: 300, reason: 'duplicate' });
    const pending = await stage.press(`charges/${charge.id}/refund`, { amount: 200, status: 'pending' });
    expect(pending).toMatchObject({ object: 'refund', amount: 200, status: 'pending' });
    await stage.press(`charges/${charge.id}/refund`);
    expect(await stage.stripe.charges.retrieve(charge.id)).toMatchObject({
      ...{ amount_refunded: 1_000, refunded: true },
    });

    await stage.press(`refunds/${String(pending.id)}/succeed`);
    await stage.press(`refunds/${String(pending.id)}/fail`);
    expect(await stage.stripe.refunds.retrieve(String(pending.id))).toMatchObject({ status: 'failed' });
    expect(await stage.stripe.charges.retrieve(charge.id)).toMatchObject({
      ...{ amount_refunded: 800, refunded: false },
    });
    expect(await stage.story(String(pending.id))).toEqual([
      'refund.created',
      'refund.updated',
      'charge.refund.updated',
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
    ]);
    expect(await stage.story(charge.id)).toEqual([
      ...['charge.succeeded', 'charge.refunded', 'charge.refunded', 'charge.refunded', 'charge.updated'],
    ]);
    await expect(stage.press(`refunds/${String(pending.id)}/fail`)).rejects.toThrow('is failed');
  });

  it('goes through every turn of a dispute', async () => {
    const { charge } = await stage.subscriber('turns@example.test');
    const inquiry = await stage.press(`charges/${charge.id}/inquire`);
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      payment_method_details: { card: { case_type: 'inquiry' } },
      balance_transactions: [],
    });
    const id = String(inquiry.id);
    const turns = ['respond', 'escalate', 'respond', 'lost', 'appeal', 'respond', 'won'];
    const statuses: unknown[] = [];
    for (const turn of turns) statuses.push((await stage.press(`disputes/${id}/${turn}`)).status);
    expect(statuses).toEqual([
      ...['warning_under_review', 'needs_response', 'under_review', 'lost'],
      ...['appeal_needs_response', 'appeal_under_review', 'won'],
    ]);
    expect(await stage.story(id)).toEqual([
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
    const over = await stage.stripe.disputes.retrieve(id);
    expect(over.balance_transactions.map(({ amount }) => amount)).toEqual([-1_000, 1_000]);
    await expect(stage.press(`disputes/${id}/lost`)).rejects.toThrow('cannot lost');
  });

  it('cannot be refunded while the bank has it, but while the bank only asks', async () => {
    const asked = await stage.subscriber('asked@example.test');
    const taken = await stage.subscriber('taken@example.test');
    await stage.press(`charges/${asked.charge.id}/inquire`);
    await stage.press(`charges/${taken.charge.id}/dispute`);
    await expect(stage.stripe.refunds.create({ charge: taken.charge.id })).rejects.toMatchObject({
      code: 'charge_disputed',
    });
    const refund = await stage.stripe.refunds.create({ charge: asked.charge.id });
    expect(refund.status).toBe('succeeded');
  });

  it('is warned of before it is disputed, and the warning is over once it is', async () => {
    const { charge } = await stage.subscriber('warned@example.test');
    const warning = await stage.press(`charges/${charge.id}/warn`);
    expect(warning).toMatchObject({ object: 'radar.early_fraud_warning', actionable: true });
    await stage.press(`charges/${charge.id}/dispute`);
    const { data } = await stage.stripe.radar.earlyFraudWarnings.list({ charge: charge.id });
    expect(only(data)).toMatchObject({ id: warning.id, actionable: false });
    expect(await stage.story(String(warning.id))).toEqual([
      ...['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
    ]);
  });

  it('is credited as a refund or on the balance, which the next invoice uses up', async () => {
    const { customer, subscription } = await stage.subscriber('credited@example.test');
    const invoice = String(subscription.latest_invoice);
    const refunded = await stage.stripe.creditNotes.create({ invoice, amount: 400, refund_amount: 400 });
    await expect(
      stage.stripe.creditNotes.create({ invoice, amount: 400, refund_amount: 300 }),
    ).rejects.toMatchObject({ param: 'amount' });
    expect(refunded).toMatchObject({ type: 'post_payment', post_payment_amount: 400, status: 'issued' });
    const refund = await stage.stripe.refunds.retrieve(String(refunded.refunds[0]?.refund));
    expect(refund).toMatchObject({ amount: 400, status: 'succeeded' });
    const balanced = await stage.stripe.creditNotes.create({ invoice, amount: 600, credit_amount: 600 });
    expect(balanced.customer_balance_transaction).toMatch(/^cbtxn_/);
    await expect(
      stage.stripe.creditNotes.create({ invoice, amount: 1, credit_amount: 1 }),
    ).rejects.toMatchObject({ param: 'amount' });
    const { data } = await stage.stripe.creditNotes.list({ invoice });
    expect(data.map(({ id }) => id)).toEqual([balanced.id, refunded.id]);

    await stage.press(`subscriptions/${subscription.id}/renew`);
    const [next] = (await stage.stripe.invoices.list({ customer: customer.id })).data;
    expect(next).toMatchObject({ total: 1_000, amount_due: 400, amount_paid: 400, starting_balance: -600 });
    expect((await stage.stripe.customers.retrieve(customer.id)) as object).toMatchObject({ balance: 0 });
  });

  it('comes off the balance again when its credit note is voided', async () => {
    const { customer, subscription } = await stage.subscriber('voided@example.test');
    const invoice = String(subscription.latest_invoice);
    const note = await stage.press(`invoices/${invoice}/credit_balance`, { amount: 250 });
    expect((await stage.stripe.customers.retrieve(customer.id)) as object).toMatchObject({ balance: -250 });
    const voided = await stage.stripe.creditNotes.voidCreditNote(String(note.id));
    expect(voided).toMatchObject({ status: 'void', post_payment_amount: 250 });
    expect((await stage.stripe.customers.retrieve(customer.id)) as object).toMatchObject({ balance: 0 });
    expect(await stage.story(voided.id)).toEqual(['credit_note.created', 'credit_note.voided']);
    expect((await stage.stripe.invoices.retrieve(invoice)).post_payment_credit_notes_amount).toBe(0);
  });
});
