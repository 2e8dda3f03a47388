import Stripe from 'stripe';
import { newId, embeddedList, idOf } from './stripe-objects.js';

/**
 * What a credit note takes off an invoice, and how the customer gets it. *unit* amounts in cents
 */
export interface CreditNoteTerms {
  invoice: Stripe.Invoice;
  amount: number;
  /** The part that lowers what is still owed; the rest is given back. */
  prePayment: number;
  outOfBand: number;
  refunds: Stripe.CreditNote.Refund[];
  balanceTransaction: string | null;
  reason: Stripe.CreditNote.Reason | null;
  memo: string | null;
  metadata: Stripe.Metadata;
  /** How many the invoice has already. */
  earlierNotes: number;
}

/** A new credit note's id; made before the note, since the customer's balance names it too. */
export const newCreditNoteId = () => newId('cn');

/** Builds an issued credit note. */
export function newCreditNote(id: string, terms: CreditNoteTerms, now: number): Stripe.CreditNote {
  const { invoice, amount, prePayment } = terms;
  return {
    id,
    object: 'credit_note',
    ...sums(amount),
    created: now,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    customer_account: null,
    customer_balance_transaction: terms.balanceTransaction,
    effective_at: now,
    invoice: invoice.id,
    lines: embeddedList([line(amount)], `/v1/credit_notes/${id}/lines`),
    livemode: false,
    memo: terms.memo,
    metadata: terms.metadata,
    number: `${invoice.number ?? 'SANDBOX'}-CN-${String(terms.earlierNotes + 1).padStart(2, '0')}`,
    out_of_band_amount: terms.outOfBand === 0 ? null : terms.outOfBand,
    pdf: `https://sandbox.invalid/credit_notes/${id}/pdf`,
    post_payment_amount: amount - prePayment,
    pre_payment_amount: prePayment,
    reason: terms.reason,
    refunds: terms.refunds,
    shipping_cost: null,
    status: 'issued',
    type: prePayment === amount ? 'pre_payment' : prePayment === 0 ? 'post_payment' : 'mixed',
    voided_at: null,
  };
}

/** The entry of a refund in a credit note. *unit* `amount` in cents */
export function creditNoteRefund(refund: Stripe.Refund, amount: number): Stripe.CreditNote.Refund {
  return { amount_refunded: amount, payment_record_refund: null, refund: refund.id, type: 'refund' };
}

function sums(amount: number) {
  return {
    amount,
    amount_shipping: 0,
    discount_amount: 0,
    discount_amounts: [],
    pretax_credit_amounts: [],
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
  };
}

function line(amount: number): Stripe.CreditNoteLineItem {
  return {
    id: newId('cnli'),
    object: 'credit_note_line_item',
    amount,
    description: 'Credit',
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: 1,
    tax_rates: [],
    taxes: [],
    type: 'custom_line_item',
    unit_amount: amount,
    unit_amount_decimal: Stripe.Decimal.from(amount),
  };
}
