import type Stripe from 'stripe';
import { newId, embeddedList, idOrNull } from './stripe-objects.js';
import { noBillingDetails } from './payment-methods.js';

/** A new charge's id; made before the charge, since the payment intent names it too. */
export const newChargeId = () => newId('ch');

/** Builds the charge of a payment intent, succeeded, on its way or declined as the intent says. */
export function newCharge(
  id: string,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  now: number,
): Stripe.Charge {
  const succeeded = intent.status === 'succeeded';
  const status = succeeded ? 'succeeded' : intent.status === 'processing' ? 'pending' : 'failed';
  const failed = status === 'failed';
  return {
    id,
    object: 'charge',
    ...unusedFeatures(),
    amount: intent.amount,
    amount_captured: succeeded ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: succeeded ? newId('txn') : null,
    billing_details: { ...noBillingDetails(), email: method.billing_details.email },
    captured: !failed,
    created: now,
    currency: intent.currency,
    customer: idOrNull(intent.customer),
    description: intent.description,
    disputed: false,
    failure_code: failed ? 'card_declined' : null,
    failure_message: failed ? 'Your card was declined.' : null,
    outcome: failed ? declined() : authorized(),
    paid: succeeded,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: chargedMethod(method, intent.amount),
    refunded: false,
    refunds: embeddedList<Stripe.Refund>([], `/v1/charges/${id}/refunds`),
    status,
  };
}

/** The same charge once its debit has arrived, or has been returned by the bank. */
export function settledCharge(charge: Stripe.Charge, hasArrived: boolean): Stripe.Charge {
  if (!hasArrived)
    return {
      ...charge,
      failure_code: 'insufficient_funds',
      failure_message: 'The customer’s account has insufficient funds to cover this payment.',
      status: 'failed',
    };
  return {
    ...charge,
    amount_captured: charge.amount,
    balance_transaction: newId('txn'),
    paid: true,
    status: 'succeeded',
  };
}

function chargedMethod(method: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  if (method.sepa_debit === undefined) return { card: chargedCard(method, amount), type: 'card' };
  const { generated_from: _unused, ...account } = method.sepa_debit;
  return { sepa_debit: { ...account, mandate: 'mandate_sandbox' }, type: 'sepa_debit' };
}

function chargedCard(method: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: amount,
    authorization_code: '000000',
    brand: method.card?.brand ?? null,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: method.card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: method.card?.exp_month ?? 12,
    exp_year: method.card?.exp_year ?? 2040,
    fingerprint: method.card?.fingerprint ?? null,
    funding: method.card?.funding ?? null,
    installments: null,
    last4: method.card?.last4 ?? null,
    mandate: null,
    network: 'visa',
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

function authorized(): Stripe.Charge.Outcome {
  return {
    ...outcome('normal', 35),
    network_status: 'approved_by_network',
    reason: null,
    seller_message: 'Payment complete.',
    type: 'authorized',
  };
}

function declined(): Stripe.Charge.Outcome {
  return {
    ...outcome('normal', 35),
    network_status: 'declined_by_network',
    reason: 'generic_decline',
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  };
}

function outcome(riskLevel: string, riskScore: number) {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    risk_level: riskLevel,
    risk_score: riskScore,
  };
}

function unusedFeatures() {
  return {
    application: null,
    application_fee: null,
    application_fee_amount: null,
    calculated_statement_descriptor: 'SANDBOX',
    failure_balance_transaction: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    radar_options: {},
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}
