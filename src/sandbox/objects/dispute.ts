import type { default as Stripe } from 'stripe';
import { newId, idOf } from './stripe-objects.js';

const RESPONSE_DAYS = 7;

/**
 * What a dispute is about. `inquiry`: the bank only asks, and no money moves. *unit* `amount` in
 * cents
 */
export interface DisputeTerms {
  charge: Stripe.Charge;
  kind: 'chargeback' | 'inquiry';
  amount: number;
}

/** Builds a dispute that waits for the seller's answer. */
export function newDispute({ charge, kind, amount }: DisputeTerms, now: number): Stripe.Dispute {
  return {
    id: newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: now + RESPONSE_DAYS * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: kind === 'inquiry',
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    payment_method_details: cardCaseDetails(kind),
    reason: 'fraudulent',
    status: kind === 'inquiry' ? 'warning_needs_response' : 'needs_response',
  };
}

/** What kind of case the card network made of a dispute. */
export function cardCaseDetails(kind: 'chargeback' | 'inquiry'): Stripe.Dispute.PaymentMethodDetails {
  return {
    card: { brand: 'visa', case_type: kind, network: 'visa', network_reason_code: '10.4' },
    type: 'card',
  };
}

/** The money that a dispute takes (`sign` −1) or gives back (1). */
export function disputeBalanceTransaction(
  dispute: Stripe.Dispute,
  sign: 1 | -1,
  now: number,
): Stripe.BalanceTransaction {
  const amount = sign * dispute.amount;
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: now,
    balance_type: 'payments',
    created: now,
    currency: dispute.currency,
    description: `${sign < 0 ? 'Chargeback withdrawal' : 'Chargeback reversal'} for ${idOf(dispute.charge)}`,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: sign < 0 ? 'dispute' : 'dispute_reversal',
    source: dispute.id,
    status: 'available',
    type: 'adjustment',
  };
}

function noEvidence(): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  };
}

/** Builds the card issuer's warning that a charge is probably fraud; a dispute may follow. */
export function newFraudWarning(charge: Stripe.Charge, now: number): Stripe.Radar.EarlyFraudWarning {
  return {
    id: newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: charge.id,
    created: now,
    fraud_type: 'unauthorized_use_of_card',
    livemode: false,
    payment_intent: idOf(charge.payment_intent),
  };
}
