import { describe, expect, it } from 'vitest';
import {
  needsReservation,
  paymentFindingsOf,
  evaluatePayment,
  describeStatus,
  isSameStatus,
  stateFor,
  decideStatus,
  type StatusFactors,
  type PaymentFindings,
  type RewardStatus,
} from './reward-status.js';

const now = new Date('2026-11-01T12:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const paid: PaymentFindings = { reasons: [], flags: [], invoiceId: 'in_1' };
const first: StatusFactors = { before: null, review: null, releaseAt: null, now };
const statusBefore = (more: Partial<RewardStatus>): RewardStatus => ({
  ...{ ...paid, state: 'granted', holds: [], releaseAt: null, creditedAt: null, capped: false },
  ...more,
});

describe('the state of a reward', () => {
  it.each([
    [[], [], 'granted'],
    [[], ['review'], 'held'],
    [['dispute_open'], [], 'suspended'],
    [['dispute_open'], ['review'], 'suspended'],
    [['dispute_open', 'refunded'], [], 'reversed'],
    [['fraud'], ['refund_window'], 'reversed'],
  ] as const)('the state of a reward with reasons %j and holds %j is %s', (reasons, holds, state) => {
    expect(stateFor(reasons, holds)).toBe(state);
  });

  it('the state of a reward takes a place in a cap and days of a budget unless it is reversed, or not there', () => {
    expect([needsReservation(null), needsReservation({ state: 'reversed' })]).toEqual([false, false]);
    for (const state of ['granted', 'held', 'suspended'] as const)
      expect(needsReservation({ state })).toBe(true);
  });
});

describe('payment findings', () => {
  it('a payment before the invitation is a reason, with five minutes of tolerance', () => {
    const payment = { invoiceId: 'in_1', paidAt: now, reasons: ['refunded'], flags: ['b', 'a'] };
    const of = (linkedAt: Date) =>
      evaluatePayment(payment as unknown as Parameters<typeof evaluatePayment>[0], linkedAt);
    expect(of(at(300_000))).toEqual({ reasons: ['refunded'], flags: ['a', 'b'], invoiceId: 'in_1' });
    expect(of(at(301_000)).reasons).toEqual(['refunded', 'paid_before_invited']);
  });

  it('payment reasons are separate from those of people and rules', () => {
    const all = ['refunded', 'dispute_open', 'dispute_lost', 'paid_before_invited'] as const;
    expect(
      paymentFindingsOf(
        statusBefore({ reasons: [...all, 'manual', 'fraud', 'rejected', 'budget_exhausted'] }),
      ),
    ).toEqual({
      ...paid,
      reasons: all,
    });
  });
});

describe('a status decision', () => {
  const reasonsWith = (more: Partial<StatusFactors>, paymentFindings: PaymentFindings = paid) =>
    decideStatus(paymentFindings, { ...first, ...more }).reasons;

  it('the decision is granted for a valid payment, and reversed for any reason', () => {
    expect(decideStatus(paid, first)).toEqual({ ...paid, state: 'granted', holds: [], releaseAt: null });
    expect(decideStatus({ ...paid, reasons: ['refunded'] }, first).state).toBe('reversed');
  });

  it('the decision keeps a manual reversal until staff lift it', () => {
    expect(reasonsWith({ before: statusBefore({ reasons: ['manual'] }) })).toEqual(['manual']);
    expect(reasonsWith({ before: statusBefore({ reasons: ['fraud', 'refunded'] }) })).toEqual([]);
  });

  it('the decision keeps an exhausted budget until staff approve, and tries again only when the money changes', () => {
    const exhausted = statusBefore({ reasons: ['budget_exhausted'], state: 'reversed' });
    const approved = { outcome: 'review' as const, decision: 'approved' as const };
    expect(reasonsWith({ before: exhausted })).toEqual(['budget_exhausted']);
    expect(reasonsWith({ before: exhausted, review: approved })).toEqual([]);
    expect(reasonsWith({ before: exhausted, review: approved, now: null })).toEqual(['budget_exhausted']);
    expect(reasonsWith({ before: exhausted, review: { ...approved, decision: 'rejected' } })).toEqual([
      'budget_exhausted',
      'rejected',
    ]);
  });

  it.each([
    ['reject', null, ['fraud'], []],
    ['reject', 'approved', [], []],
    ['reject', 'rejected', ['rejected'], []],
    ['review', null, [], ['review']],
    ['review', 'approved', [], []],
    ['review', 'rejected', ['rejected'], []],
    ['allow', null, [], []],
  ] as const)('the decision of a review that says %s, decided %s', (outcome, decision, reasons, holds) => {
    expect(decideStatus(paid, { ...first, review: { outcome, decision } })).toMatchObject({ reasons, holds });
  });

  it('the decision names its reasons in one order, wherever they come from', () => {
    const before = statusBefore({ reasons: ['manual'] });
    const review = { outcome: 'review' as const, decision: 'rejected' as const };
    expect(reasonsWith({ before, review }, { ...paid, reasons: ['refunded'] })).toEqual([
      ...['manual', 'refunded', 'rejected'],
    ]);
  });

  it('the decision waits until the refund window has closed, and never opens it again', () => {
    const holds = (more: Partial<StatusFactors>) => decideStatus(paid, { ...first, ...more }).holds;
    expect(holds({ releaseAt: at(1) })).toEqual(['refund_window']);
    expect(holds({ releaseAt: at(0) })).toEqual([]);
    expect(holds({ releaseAt: at(-1) })).toEqual([]);
    expect(holds({ releaseAt: at(-1), now: null })).toEqual(['refund_window']);
    expect(holds({ releaseAt: null, now: null })).toEqual([]);
    const open = statusBefore({ holds: ['refund_window'], releaseAt: at(1) });
    expect(holds({ before: open, releaseAt: at(-1) })).toEqual(['refund_window']);
    expect(holds({ before: { ...open, holds: [] } })).toEqual([]);
    const review = { outcome: 'review' as const, decision: null };
    expect(holds({ before: open, review })).toEqual(['refund_window', 'review']);
  });

  it('a decision in one line says its state, payment, reasons, flags and holds', () => {
    const decision = decideStatus(
      { ...paid, reasons: ['refunded'], flags: ['inquiry'] },
      { ...first, releaseAt: at(1), review: { outcome: 'review', decision: null } },
    );
    expect(describeStatus(decision)).toBe(
      'reversed by in_1, refunded, inquiry, waits for refund_window, waits for review',
    );
  });

  it('two decisions are equal only where all their fields are', () => {
    const decision = decideStatus({ ...paid, reasons: ['refunded'], flags: ['early_fraud_warning'] }, first);
    expect(isSameStatus(decision, { ...decision })).toBe(true);
    for (const other of [
      { ...decision, state: 'granted' as const },
      { ...decision, reasons: [] },
      { ...decision, flags: [] },
      { ...decision, holds: ['review' as const] },
      { ...decision, invoiceId: 'in_2' },
    ])
      expect([other, isSameStatus(decision, other)]).toEqual([other, false]);
  });
});
