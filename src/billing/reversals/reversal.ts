import type Stripe from 'stripe';
import { idOrNull, moment } from '../stripe-fields.js';

/** What takes money back, or warns of it. */
export type ReversalKind = 'refund' | 'dispute' | 'credit_note' | 'early_fraud_warning';

/** A refund, dispute, credit note or fraud warning as Stripe tells of it. `amount` is in the currency's smallest unit. */
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
export type Unreadable = 'unknown_shape';

/** Reads a refund. */
export function refundOf(refund: Stripe.Refund): Reversal | Unreadable {
  return read({
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

/** Reads a dispute, an inquiry included: those that have not taken money yet say so in their status. */
export function disputeOf(dispute: Stripe.Dispute): Reversal | Unreadable {
  return read({
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
 * Reads a credit note. Only what it gives back after the payment counts, less what it gives back as a refund: that
 * refund is told of by itself.
 */
export function creditNoteOf(note: Stripe.CreditNote): Reversal | Unreadable {
  const refunded = Array.isArray(note.refunds) ? note.refunds : [];
  const viaRefunds = refunded.reduce((sum, refund) => sum + (refund.amount_refunded || 0), 0);
  return read({
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
export function fraudWarningOf(warning: Stripe.Radar.EarlyFraudWarning): Reversal | Unreadable {
  return read({
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

function read({
  created,
  ...told
}: Omit<Reversal, 'createdAt'> & { created: unknown }): Reversal | Unreadable {
  const { id, paymentIntentId, chargeId, invoiceId, amount, status } = told;
  const createdAt = moment(created);
  const names = [paymentIntentId, chargeId, invoiceId].filter((name) => name !== null);
  const isWhole = [id, status, ...names].every(isText) && Number.isSafeInteger(amount) && amount >= 0;
  return isWhole && names.length > 0 && createdAt !== null ? { ...told, createdAt } : 'unknown_shape';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
