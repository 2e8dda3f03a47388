import type Stripe from 'stripe';
import { newId } from './ids.js';
import { invoiceLine } from './invoice-line.js';
import type { InvoiceTerms } from './invoice-terms.js';
import { embeddedList } from './list.js';

/** Builds a finalized, still open invoice; the subscription's metadata is frozen into its parent. */
export function newInvoice(terms: InvoiceTerms, now: number): Stripe.Invoice {
  const id = newId('in');
  const line = invoiceLine(id, terms);
  return {
    id,
    object: 'invoice',
    ...unusedFeatures(),
    ...billedTo(terms.customer),
    ...amounts(terms.amount),
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    billing_reason: terms.reason,
    created: now,
    effective_at: now,
    lines: embeddedList([line], `/v1/invoices/${id}/lines`),
    next_payment_attempt: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: terms.subscription.metadata, subscription: terms.subscription.id },
      type: 'subscription_details',
    },
    period_end: now,
    period_start: now,
    status: 'open',
    status_transitions: { finalized_at: now, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    webhooks_delivered_at: now,
  };
}

/** The same invoice, paid in full at `now` (seconds since 1970). */
export function paidInvoice(invoice: Stripe.Invoice, now: number): Stripe.Invoice {
  return {
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempt_count: invoice.amount_due > 0 ? invoice.attempt_count + 1 : invoice.attempt_count,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  };
}

function billedTo(customer: Stripe.Customer) {
  return {
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none' as const,
    customer_tax_ids: [],
    number: `${customer.invoice_prefix ?? 'SANDBOX'}-${String(customer.next_invoice_sequence ?? 1).padStart(4, '0')}`,
  };
}

function amounts(cents: number) {
  return {
    amount_due: cents,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: cents,
    amount_shipping: 0,
    currency: 'usd',
    subtotal: cents,
    subtotal_excluding_tax: cents,
    total: cents,
    total_discount_amounts: [],
    total_excluding_tax: cents,
    total_pretax_credit_amounts: [],
    total_taxes: [],
  };
}

function unusedFeatures() {
  return {
    account_country: 'US',
    account_name: 'Sandbox',
    account_tax_ids: null,
    application: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    collection_method: 'charge_automatically' as const,
    custom_fields: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    ending_balance: 0,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' as const },
    last_finalization_error: null,
    latest_revision: null,
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    test_clock: null,
  };
}
