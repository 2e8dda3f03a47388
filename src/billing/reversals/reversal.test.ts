import { describe, expect, it } from 'vitest';
import {
  derivePaymentStatus,
  parseCreditNote,
  parseDispute,
  parseFraudWarning,
  parseRefund,
  reversalEffect,
} from './reversal.js';

const refund = (amount: number, status = 'succeeded') => ({ kind: 'refund' as const, status, amount });
const dispute = (status: string) => ({ kind: 'dispute' as const, status, amount: 1000 });
const note = (amount: number, status = 'issued') => ({ kind: 'credit_note' as const, status, amount });

const paid = { amountPaid: 1000, refundPercent: 100 };

describe('payment status', () => {
  const reasonsOf = (...reversals: Parameters<typeof derivePaymentStatus>[1]) =>
    derivePaymentStatus(paid, reversals).reasons;

  it('a payment of 1000 is valid while less than all of it was given back', () => {
    expect(reasonsOf()).toEqual([]);
    expect(reasonsOf(refund(999))).toEqual([]);
    expect(reasonsOf(refund(999), refund(1, 'pending'), note(1, 'void'))).toEqual([]);
  });

  it('a payment of 1000 is refunded by refunds and credit notes that together give all of it back', () => {
    expect(reasonsOf(refund(1000))).toEqual(['refunded']);
    expect(reasonsOf(refund(400), refund(600))).toEqual(['refunded']);
    expect(reasonsOf(refund(400), note(600))).toEqual(['refunded']);
  });

  it('a payment of 1000 is valid again when a refund failed', () => {
    expect(reasonsOf(refund(1000, 'failed'))).toEqual([]);
    expect(reasonsOf(refund(1000, 'canceled'), refund(1000, 'requires_action'))).toEqual([]);
  });

  it.each([
    ['needs_response', ['dispute_open']],
    ['under_review', ['dispute_open']],
    ['lost', ['dispute_lost']],
    ['prevented', ['dispute_lost']],
    ['appeal_needs_response', ['dispute_lost']],
    ['appeal_under_review', ['dispute_lost']],
    ['charge_refunded', []],
    ['won', []],
    ['warning_closed', []],
    ['warning_needs_response', []],
  ])('the status of a payment of 1000 under a dispute that is %s', (status, reasons) => {
    expect(reasonsOf(dispute(status))).toEqual(reasons);
  });

  it('the status names its reasons in one order', () => {
    expect(reasonsOf(dispute('needs_response'), dispute('lost'))).toEqual(['dispute_lost', 'dispute_open']);
  });

  it.each(['warning_needs_response', 'warning_under_review'])(
    'an inquiry that is %s is a warning',
    (status) => {
      expect(derivePaymentStatus(paid, [dispute(status)]).flags).toEqual(['inquiry']);
    },
  );

  it.each(['actionable', 'closed'])('a fraud warning that is %s is a warning', (status) => {
    const warning = { kind: 'early_fraud_warning' as const, status, amount: 0 };
    expect(derivePaymentStatus(paid, [warning])).toEqual({ reasons: [], flags: ['early_fraud_warning'] });
  });

  it('a payment of 1000 is refunded at the share in the terms', () => {
    const half = { amountPaid: 1000, refundPercent: 50 };
    expect(derivePaymentStatus(half, [refund(499)]).reasons).toEqual([]);
    expect(derivePaymentStatus(half, [refund(250), refund(250)]).reasons).toEqual(['refunded']);
  });

  it('the payment status names each of several reasons once, and warnings beside them', () => {
    expect(
      derivePaymentStatus(paid, [
        dispute('lost'),
        dispute('lost'),
        refund(1000),
        dispute('warning_under_review'),
        { kind: 'early_fraud_warning', status: 'actionable', amount: 0 },
      ]),
    ).toEqual({ reasons: ['dispute_lost', 'refunded'], flags: ['early_fraud_warning', 'inquiry'] });
  });

  it('the payment status ignores statuses that Stripe may add', () => {
    expect(reversalEffect(dispute('escalated_to_the_moon'))).toBeUndefined();
    expect(reversalEffect(dispute('constructor'))).toBeUndefined();
    expect(reasonsOf(dispute('escalated_to_the_moon'))).toEqual([]);
  });
});

const created = 1_780_000_000;
const createdAt = new Date('2026-05-28T20:26:40.000Z');
const stripeRefund = {
  ...{ id: 're_1', payment_intent: 'pi_1', charge: 'ch_1', amount: 500, status: 'pending', created },
};
const parsedRefund = {
  ...{ id: 're_1', kind: 'refund', paymentIntentId: 'pi_1', chargeId: 'ch_1', invoiceId: null },
  ...{ amount: 500, status: 'pending', createdAt },
};
const refundFrom = (more: object) => parseRefund({ ...stripeRefund, ...more } as never);

describe('what Stripe reports', () => {
  it('a refund', () => {
    expect(refundFrom({})).toEqual(parsedRefund);
    expect(refundFrom({ amount: 0, charge: null })).toEqual({ ...parsedRefund, amount: 0, chargeId: null });
    expect(refundFrom({ payment_intent: { id: 'pi_2' } })).toMatchObject({ paymentIntentId: 'pi_2' });
  });

  it('a refund from before statuses existed has succeeded', () => {
    expect(refundFrom({ status: null })).toMatchObject({ status: 'succeeded' });
  });

  it('a dispute', () => {
    const stripeDispute = { ...stripeRefund, id: 'dp_1', status: 'lost' };
    expect(parseDispute(stripeDispute as never)).toEqual({
      ...{ ...parsedRefund, id: 'dp_1', kind: 'dispute', status: 'lost' },
    });
  });

  it('a fraud warning, which moves no money', () => {
    const warning = { ...stripeRefund, id: 'issfr_1', amount: undefined, actionable: true };
    const parsed = { ...parsedRefund, id: 'issfr_1', kind: 'early_fraud_warning', amount: 0 };
    expect(parseFraudWarning(warning as never)).toEqual({ ...parsed, status: 'actionable' });
    expect(parseFraudWarning({ ...warning, actionable: false } as never)).toEqual({
      ...{ ...parsed, status: 'closed' },
    });
  });

  it.each([
    ['all that it gives back after the payment', undefined, 500],
    ['less what it gives back as a refund, which is reported by itself', [{ amount_refunded: 200 }], 300],
    ['less all of its refunds', [{ amount_refunded: 200 }, { amount_refunded: 100 }], 200],
    ['nothing that its refunds give back already', [{ amount_refunded: 500 }], 0],
    ['never less than nothing', [{ amount_refunded: 501 }], 0],
    ['a refund without an amount as none', [{}], 500],
  ])('of a credit note counts %s', (_, refunds, amount) => {
    const creditNote = {
      id: 'cn_1',
      invoice: 'in_1',
      post_payment_amount: 500,
      status: 'issued',
      created,
      refunds,
    };
    expect(parseCreditNote(creditNote as never)).toEqual({
      ...{ id: 'cn_1', kind: 'credit_note', paymentIntentId: null, chargeId: null, invoiceId: 'in_1' },
      ...{ amount, status: 'issued', createdAt },
    });
  });

  it.each([
    ['without an id', { id: '' }],
    ['with an id of another type', { id: 5 }],
    ['with a status of another type', { status: 5 }],
    ['without a payment', { payment_intent: null, charge: null }],
    ['of an unnamed payment', { payment_intent: '' }],
    ['of an unnamed charge', { charge: '' }],
    ['without an amount', { amount: undefined }],
    ['of less than nothing', { amount: -1 }],
    ['of a part of a cent', { amount: 0.5 }],
    ['without a time', { created: undefined }],
  ])('a refund %s is of a shape that is not known', (_, more) => {
    expect(refundFrom(more)).toBe('unknown_shape');
  });
});
