import { describe, expect, it } from 'vitest';
import {
  needsReservation,
  paymentFindingsOf,
  evaluatePayment,
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
  ...{ ...paid, state: 'good', holds: [], releaseAt: null, creditedAt: null, capped: false },
  ...more,
});

describe('the state of a reward', () => {
  it.each([
    [[], [], 'good'],
    [[], ['review'], 'held'],
    [['dispute_open'], [], 'suspended'],
    [['dispute_open'], ['review'], 'suspended'],
    [['dispute_open', 'refunded'], [], 'reversed'],
    [['fraud'], ['refund_window'], 'reversed'],
  ] as const)('with reasons %j and holds %j is %s', (reasons, holds, state) => {
    expect(stateFor(reasons, holds)).toBe(state);
  });

  it('takes a place in a cap and days of a budget unless it is reversed, or not there', () => {
    expect([needsReservation(null), needsReservation({ state: 'reversed' })]).toEqual([false, false]);
    for (const state of ['good', 'held', 'suspended'] as const)
      expect(needsReservation({ state })).toBe(true);
  });
});

describe('what money says', () => {
  it('adds that it was paid before the invitation, five minutes of tolerance included', () => {
    const payment = { invoiceId: 'in_1', paidAt: now, reasons: ['refunded'], flags: ['b', 'a'] };
    const of = (linkedAt: Date) =>
      evaluatePayment(payment as unknown as Parameters<typeof evaluatePayment>[0], linkedAt);
    expect(of(at(300_000))).toEqual({ reasons: ['refunded'], flags: ['a', 'b'], invoiceId: 'in_1' });
    expect(of(at(301_000)).reasons).toEqual(['refunded', 'paid_before_invited']);
  });

  it('is told apart from what people and rules say', () => {
    const all = ['refunded', 'dispute_open', 'dispute_lost', 'paid_before_invited'] as const;
    expect(
      paymentFindingsOf(
        statusBefore({ reasons: [...all, 'by_hand', 'fraud', 'rejected', 'budget_exhausted'] }),
      ),
    ).toEqual({
      ...paid,
      reasons: all,
    });
  });
});

describe('a verdict', () => {
  const reasonsWith = (more: Partial<StatusFactors>, paymentFindings: PaymentFindings = paid) =>
    decideStatus(paymentFindings, { ...first, ...more }).reasons;

  it('of a payment alone is good, and of its reasons reversed', () => {
    expect(decideStatus(paid, first)).toEqual({ ...paid, state: 'good', holds: [], releaseAt: null });
    expect(decideStatus({ ...paid, reasons: ['refunded'] }, first).state).toBe('reversed');
  });

  it('keeps what a person reversed, until a person lifts it', () => {
    expect(reasonsWith({ before: statusBefore({ reasons: ['by_hand'] }) })).toEqual(['by_hand']);
    expect(reasonsWith({ before: statusBefore({ reasons: ['fraud', 'refunded'] }) })).toEqual([]);
  });

  it('keeps an exhausted budget until somebody approves, and tries again only at a present', () => {
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
  ] as const)('of a review that says %s, decided %s', (outcome, decision, reasons, holds) => {
    expect(decideStatus(paid, { ...first, review: { outcome, decision } })).toMatchObject({ reasons, holds });
  });

  it('waits until its window has closed, exactly, and never opens it again', () => {
    const holds = (more: Partial<StatusFactors>) => decideStatus(paid, { ...first, ...more }).holds;
    expect(holds({ releaseAt: at(1) })).toEqual(['refund_window']);
    expect(holds({ releaseAt: at(0) })).toEqual([]);
    expect(holds({ releaseAt: at(-1) })).toEqual([]);
    expect(holds({ releaseAt: at(-1), now: null })).toEqual(['refund_window']);
    const open = statusBefore({ holds: ['refund_window'], releaseAt: at(1) });
    expect(holds({ before: open, releaseAt: at(-1) })).toEqual(['refund_window']);
    expect(holds({ before: { ...open, holds: [] } })).toEqual([]);
    const review = { outcome: 'review' as const, decision: null };
    expect(holds({ before: open, review })).toEqual(['refund_window', 'review']);
  });

  it('is the same as another only where everything that it says is', () => {
    const verdict = decideStatus(
      { ...paid, reasons: ['refunded'], flags: ['early_fraud_warning' as never] },
      first,
    );
    expect(isSameStatus(verdict, { ...verdict })).toBe(true);
    for (const other of [
      { ...verdict, state: 'good' as const },
      { ...verdict, reasons: [] },
      { ...verdict, flags: [] },
      { ...verdict, holds: ['review' as const] },
      { ...verdict, invoiceId: 'in_2' },
    ])
      expect([other, isSameStatus(verdict, other)]).toEqual([other, false]);
  });
});
