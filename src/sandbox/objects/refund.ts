import type Stripe from 'stripe';
import { newId, idOf, idOrNull } from './stripe-objects.js';

/** What is given back, and whether the money is there at once (`succeeded`) or on its way (`pending`). *unit* `amount` in cents. */
export interface RefundTerms {
  charge: Stripe.Charge;
  amount: number;
  reason: Stripe.Refund.Reason | null;
  metadata: Stripe.Metadata;
  status: 'succeeded' | 'pending';
}

/** Builds a refund. */
export function newRefund(terms: RefundTerms, now: number): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: terms.amount,
    balance_transaction: newId('txn'),
    charge: terms.charge.id,
    created: now,
    currency: terms.charge.currency,
    customer: idOrNull(terms.charge.customer),
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: terms.metadata,
    payment_intent: idOf(terms.charge.payment_intent),
    payment_method: terms.charge.payment_method,
    ...(terms.status === 'pending' && { pending_reason: 'processing' as const }),
    reason: terms.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: terms.status,
    transfer_reversal: null,
  };
}
