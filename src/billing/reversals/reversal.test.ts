import { describe, expect, it } from 'vitest';
import { reversalEffect, derivePaymentStatus } from './reversal.js';

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
    ['appeal_under_review', ['dispute_lost']],
    ['won', []],
    ['warning_closed', []],
    ['warning_needs_response', []],
  ])('the status of a payment of 1000 under a dispute that is %s', (status, reasons) => {
    expect(reasonsOf(dispute(status))).toEqual(reasons);
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
