import type Stripe from 'stripe';
import { newId } from './ids.js';
import { idOf } from './reference.js';

/** Builds the payment intent that collects an invoice; `succeeded` false: the card was declined. */
export function newPaymentIntent(
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod,
  chargeId: string,
  succeeded: boolean,
  now: number,
): Stripe.PaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    ...unusedFeatures(),
    amount: invoice.amount_due,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: succeeded ? invoice.amount_due : 0,
    client_secret: `${id}_secret_${newId('', 24).slice(1)}`,
    created: now,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    description:
      invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    last_payment_error: succeeded ? null : declined(chargeId, method),
    latest_charge: chargeId,
    payment_details: { customer_reference: null, order_reference: invoice.id },
    payment_method: succeeded ? method.id : null,
    status: succeeded ? 'succeeded' : 'requires_payment_method',
  };
}

/** Builds the record that ties an invoice to the payment intent which paid it, or which is to pay it. */
export function newInvoicePayment(
  invoice: Stripe.Invoice,
  paymentIntentId: string,
  paid: boolean,
  now: number,
): Stripe.InvoicePayment {
  return {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: paid ? invoice.amount_due : null,
    amount_requested: invoice.amount_due,
    created: now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: paymentIntentId, type: 'payment_intent' },
    status: paid ? 'paid' : 'open',
    status_transitions: { canceled_at: null, paid_at: paid ? now : null },
  };
}

function declined(chargeId: string, method: Stripe.PaymentMethod): Stripe.PaymentIntent.LastPaymentError {
  return {
    charge: chargeId,
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
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: 'off_session' as const,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}
