import { stripeId } from './stripe-payloads.js';

/** One payment at Stripe: its intent, the charge that came of it, and the invoice that it pays. */
export interface PaidInvoice {
  invoice: string;
  paymentIntent: string;
  charge: string;
}

/** A fresh payment of an invoice. */
export function paymentFor(invoice: string): PaidInvoice {
  return { invoice, paymentIntent: stripeId('pi'), charge: stripeId('ch') };
}

/** What says that a payment paid an invoice. Amounts are in cents, times in unix seconds. */
export function invoicePayment(
  payment: PaidInvoice,
  at: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: stripeId('inpay'),
    object: 'invoice_payment',
    amount_paid: 1000,
    amount_requested: 1000,
    created: at,
    currency: 'usd',
    invoice: payment.invoice,
    is_default: true,
    livemode: false,
    payment: { payment_intent: payment.paymentIntent, type: 'payment_intent' },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: at },
    ...more,
  };
}

/** Money given back. */
export function refund(
  payment: PaidInvoice,
  at: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: stripeId('re'),
    object: 'refund',
    amount: 1000,
    charge: payment.charge,
    created: at,
    currency: 'usd',
    metadata: {},
    payment_intent: payment.paymentIntent,
    reason: 'requested_by_customer',
    status: 'succeeded',
    ...more,
  };
}

/** A charge of which `amountRefunded` was given back. */
export function refundedCharge(
  payment: PaidInvoice,
  at: number,
  amountRefunded = 1000,
): Record<string, unknown> {
  return {
    id: payment.charge,
    object: 'charge',
    amount: 1000,
    amount_captured: 1000,
    amount_refunded: amountRefunded,
    created: at,
    currency: 'usd',
    disputed: false,
    livemode: false,
    paid: true,
    payment_intent: payment.paymentIntent,
    refunded: amountRefunded === 1000,
    status: 'succeeded',
  };
}

/** A payment that its bank asks about, or wants back. */
export function dispute(
  payment: PaidInvoice,
  at: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const status = more.status ?? 'needs_response';
  return {
    id: stripeId('du'),
    object: 'dispute',
    amount: 1000,
    charge: payment.charge,
    created: at,
    currency: 'usd',
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: payment.paymentIntent,
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: String(status).startsWith('warning') ? 'inquiry' : 'chargeback',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason: 'fraudulent',
    ...more,
    status,
  };
}

/**
 * A credit note after payment; without `refunds`, what it gives back went to the customer's
 * balance.
 */
export function creditNote(
  payment: PaidInvoice,
  at: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: stripeId('cn'),
    object: 'credit_note',
    amount: 1000,
    created: at,
    currency: 'usd',
    customer_balance_transaction: null,
    effective_at: at,
    invoice: payment.invoice,
    livemode: false,
    metadata: {},
    number: 'T-0001-CN-01',
    out_of_band_amount: null,
    post_payment_amount: 1000,
    pre_payment_amount: 0,
    reason: null,
    refunds: [],
    status: 'issued',
    type: 'post_payment',
    voided_at: null,
    ...more,
  };
}

/** A card network’s warning that a charge may be fraud. */
export function fraudWarning(payment: PaidInvoice, at: number): Record<string, unknown> {
  return {
    id: stripeId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: payment.charge,
    created: at,
    fraud_type: 'made_with_stolen_card',
    livemode: false,
    payment_intent: payment.paymentIntent,
  };
}
