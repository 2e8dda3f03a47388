import type Stripe from 'stripe';
import { newId } from './stripe-objects.js';
import type { Outcome } from './payment-methods.js';

/** What a payment is to collect, and for which invoice if any. *unit* `amount` in cents */
export interface PaymentTerms {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  invoice: string | null;
  metadata: Stripe.Metadata;
  methodTypes: string[];
}

/** Builds a payment intent without an attempt yet. */
export function newPaymentIntent(terms: PaymentTerms, now: number): Stripe.PaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    ...unusedFeatures(),
    amount: terms.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    client_secret: `${id}_secret_${newId('', 24).slice(1)}`,
    created: now,
    currency: terms.currency,
    customer: terms.customer,
    description: terms.description,
    last_payment_error: null,
    latest_charge: null,
    metadata: terms.metadata,
    ...(terms.invoice !== null && {
      payment_details: { customer_reference: null, order_reference: terms.invoice },
    }),
    payment_method: null,
    payment_method_types: terms.methodTypes,
    setup_future_usage: terms.invoice === null ? null : 'off_session',
    status: 'requires_payment_method',
  };
}

/**
 * The same intent after a charge of this method went as `outcome` says; `chargeId` null: no charge
 * was made.
 */
export function intentAfterAttempt(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  chargeId: string | null,
  outcome: Outcome,
): Stripe.PaymentIntent {
  const declines = outcome === 'declines';
  return {
    ...intent,
    amount_received: outcome === 'succeeds' ? intent.amount : 0,
    last_payment_error: declines ? declineError(chargeId, method) : null,
    latest_charge: chargeId ?? intent.latest_charge,
    next_action:
      outcome === 'needs_action'
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } }
        : null,
    payment_method: declines ? null : method.id,
    status: STATUS[outcome],
  };
}

const STATUS: Record<Outcome, Stripe.PaymentIntent.Status> = {
  succeeds: 'succeeded',
  declines: 'requires_payment_method',
  needs_action: 'requires_action',
  processes: 'processing',
};

/**
 * Builds the still open record that ties an invoice to the payment intent which is to pay it, or a
 * part of it.
 */
export function newInvoicePayment(
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
  now: number,
): Stripe.InvoicePayment {
  return {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: intent.amount,
    created: now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: intent.amount === invoice.amount_due,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
}

function declineError(
  chargeId: string | null,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent.LastPaymentError {
  return {
    ...(chargeId !== null && { charge: chargeId }),
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
    payment_method: method,
    type: 'card_error',
  };
}

function unusedFeatures() {
  return {
    allowed_payment_method_types: null,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic' as const,
    confirmation_method: 'automatic' as const,
    customer_account: null,
    excluded_payment_method_types: null,
    livemode: false,
    managed_payments: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    next_action: null,
    payment_method_options: null,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}
