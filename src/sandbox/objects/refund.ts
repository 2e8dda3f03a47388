import type Stripe from 'stripe';
import { newId } from './ids.js';
import { idOf } from './reference.js';

/** What is given back. *unit* `amount` in cents. */
export interface RefundTerms {
  charge: Stripe.Charge;
  amount: number;
  reason: Stripe.Refund.Reason | null;
  metadata: Stripe.Metadata;
}

/** Builds a refund that has succeeded at once, as card refunds do. */
export function newRefund(terms: RefundTerms, now: number): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: terms.amount,
    balance_transaction: newId('txn'),
    charge: terms.charge.id,
    created: now,
    currency: terms.charge.currency,
    customer: idOf(terms.charge.customer),
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: terms.metadata,
    payment_intent: idOf(terms.charge.payment_intent),
    payment_method: terms.charge.payment_method,
    reason: terms.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
}
