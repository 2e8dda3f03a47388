import type Stripe from 'stripe';
import type { PaymentReason, RiskFlag } from '../../referral/index.js';
import { idOrNull, fromUnix } from '../stripe/stripe-parsers.js';

/** The kinds of reversals and warnings. */
export type ReversalKind = 'refund' | 'dispute' | 'credit_note' | 'early_fraud_warning';

/**
 * A refund, dispute, credit note or fraud warning as Stripe reports it. `amount` is in the
 * currency's smallest unit.
 */
export interface Reversal {
  id: string;
  kind: ReversalKind;
  paymentIntentId: string | null;
  chargeId: string | null;
  invoiceId: string | null;
  amount: number;
  status: string;
  createdAt: Date;
}

/** The object is not of a shape that is known. */
export type UnknownShape = 'unknown_shape';

/** Reads a refund. */
export function parseRefund(refund: Stripe.Refund): Reversal | UnknownShape {
  return checked({
    id: refund.id,
    kind: 'refund',
    paymentIntentId: idOrNull(refund.payment_intent),
    chargeId: idOrNull(refund.charge),
    invoiceId: null,
    amount: refund.amount,
    status: refund.status ?? 'succeeded', // null on refunds from before statuses existed
    created: refund.created,
  });
}

/**
 * Reads a dispute, an inquiry included: those that have not taken money yet say so in their status.
 */
export function parseDispute(dispute: Stripe.Dispute): Reversal | UnknownShape {
  return checked({
    id: dispute.id,
    kind: 'dispute',
    paymentIntentId: idOrNull(dispute.payment_intent),
    chargeId: idOrNull(dispute.charge),
    invoiceId: null,
    amount: dispute.amount,
    status: dispute.status,
    created: dispute.created,
  });
}

/**
 * Reads a credit note. Counts what it gave back after the payment other than by a refund: each
 * refund has its own event.
 */
export function parseCreditNote(note: Stripe.CreditNote): Reversal | UnknownShape {
  const refunded = Array.isArray(note.refunds) ? note.refunds : [];
  const viaRefunds = refunded.reduce((sum, refund) => sum + (refund.amount_refunded || 0), 0);
  return checked({
    id: note.id,
    kind: 'credit_note',
    paymentIntentId: null,
    chargeId: null,
    invoiceId: idOrNull(note.invoice),
    amount: Math.max(0, note.post_payment_amount - viaRefunds),
    status: note.status,
    created: note.created,
  });
}

/** Reads an early fraud warning: no money has moved. */
export function parseFraudWarning(warning: Stripe.Radar.EarlyFraudWarning): Reversal | UnknownShape {
  return checked({
    id: warning.id,
    kind: 'early_fraud_warning',
    paymentIntentId: idOrNull(warning.payment_intent),
    chargeId: idOrNull(warning.charge),
    invoiceId: null,
    amount: 0,
    status: warning.actionable ? 'actionable' : 'closed',
    created: warning.created,
  });
}

function checked({
  created,
  ...fields
}: Omit<Reversal, 'createdAt'> & { created: unknown }): Reversal | UnknownShape {
  const { id, paymentIntentId, chargeId, invoiceId, amount, status } = fields;
  const createdAt = fromUnix(created);
  const names = [paymentIntentId, chargeId, invoiceId].filter((name) => name !== null);
  const isWhole =
    [id, status, ...names].every(isNonEmptyString) && Number.isSafeInteger(amount) && amount >= 0;
  return isWhole && names.length > 0 && createdAt !== null ? { ...fields, createdAt } : 'unknown_shape';
}

function isNonEmptyString(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** The status of a payment's money. Each list is sorted, without duplicates. */
export interface PaymentStatus {
  reasons: PaymentReason[];
  flags: RiskFlag[];
}

/** What a reversal means for the payment it is about. */
export type ReversalEffect = 'none' | 'money_back' | PaymentReason | RiskFlag;

/**
 * What each status of each kind means. A status that is missing here is not known to this version.
 */
const effectsByStatus: Record<ReversalKind, Readonly<Record<string, ReversalEffect>>> = {
  refund: {
    pending: 'none',
    requires_action: 'none',
    succeeded: 'money_back',
    failed: 'none',
    canceled: 'none',
  },
  credit_note: { issued: 'money_back', void: 'none' },
  dispute: {
    warning_needs_response: 'inquiry',
    warning_under_review: 'inquiry',
    warning_closed: 'none',
    needs_response: 'dispute_open',
    under_review: 'dispute_open',
    charge_refunded: 'none', // the refund has its own event
    prevented: 'dispute_lost',
    lost: 'dispute_lost',
    // an appeal is about money that is gone until it is won
    appeal_needs_response: 'dispute_lost',
    appeal_under_review: 'dispute_lost',
    won: 'none',
  },
  early_fraud_warning: { actionable: 'early_fraud_warning', closed: 'early_fraud_warning' },
};

/** Every status of each kind that this version knows. */
export const reversalStatuses: readonly { kind: ReversalKind; status: string }[] = Object.entries(
  effectsByStatus,
).flatMap(([kind, effects]) =>
  Object.keys(effects).map((status) => ({ kind: kind as ReversalKind, status })),
);

/** What a reversal in this status means; undefined for a status that this version does not know. */
export function reversalEffect(reversal: { kind: ReversalKind; status: string }): ReversalEffect | undefined {
  return Object.hasOwn(effectsByStatus[reversal.kind], reversal.status)
    ? effectsByStatus[reversal.kind][reversal.status]
    : undefined;
}

/**
 * What all reversals of one payment add up to. It counts as refunded once so many percent of its
 * money were given back; less keeps the credit. Amounts are in the currency's smallest unit.
 */
export function derivePaymentStatus(
  { amountPaid, refundPercent }: { amountPaid: number; refundPercent: number },
  reversals: readonly { kind: ReversalKind; status: string; amount: number }[],
): PaymentStatus {
  let moneyBack = 0;
  const reasons = new Set<PaymentReason>();
  const flags = new Set<RiskFlag>();
  for (const reversal of reversals) {
    const effect = reversalEffect(reversal);
    if (effect === 'money_back') moneyBack += reversal.amount;
    else if (effect === 'inquiry' || effect === 'early_fraud_warning') flags.add(effect);
    else if (effect !== 'none' && effect !== undefined) reasons.add(effect);
  }
  if (moneyBack * 100 >= amountPaid * refundPercent) reasons.add('refunded');
  return { reasons: [...reasons].sort(), flags: [...flags].sort() };
}
