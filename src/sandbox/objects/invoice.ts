import type Stripe from 'stripe';
import { newId, embeddedList } from './stripe-objects.js';
import type { DraftTerms } from './invoice-lines.js';

/** Builds a draft. */
export function newDraft(terms: DraftTerms, now: number): Stripe.Invoice {
  const id = newId('in');
  const lines = terms.lines(id);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id,
    object: 'invoice',
    ...unusedFeatures(),
    ...customerFields(terms.customer),
    ...amountFields(total, terms.currency),
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    billing_reason: terms.reason,
    created: now,
    description: terms.description,
    effective_at: null,
    lines: embeddedList(lines, `/v1/invoices/${id}/lines`),
    metadata: terms.metadata,
    next_payment_attempt: null,
    number: null,
    parent: terms.parent,
    period_end: now,
    period_start: now,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    webhooks_delivered_at: now,
  };
}

/** What makes an invoice one of a subscription; the subscription's metadata is frozen into it. */
export function subscriptionParent({ id, metadata }: Stripe.Subscription): Stripe.Invoice.Parent {
  return {
    quote_details: null,
    subscription_details: { metadata, subscription: id },
    type: 'subscription_details',
  };
}

/**
 * The same draft, finalized: numbered, due, and lowered by what is on the customer's balance
 * (negative: in their favour).
 */
export function finalizedInvoice(
  draft: Stripe.Invoice,
  customer: Stripe.Customer,
  now: number,
): Stripe.Invoice {
  const balance = draft.total > 0 ? customer.balance : 0;
  const due = Math.max(0, draft.total + balance);
  return {
    ...draft,
    amount_due: due,
    amount_remaining: due,
    effective_at: now,
    ending_balance: customer.balance + draft.total - due,
    number: `${customer.invoice_prefix ?? 'SANDBOX'}-${String(customer.next_invoice_sequence ?? 1).padStart(4, '0')}`,
    starting_balance: customer.balance,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  };
}

/**
 * The same invoice with `amount` more paid; `paid` once nothing is left. *unit* cents; `now`
 * seconds since 1970
 */
export function invoiceAfterPayment(invoice: Stripe.Invoice, amount: number, now: number): Stripe.Invoice {
  const remaining = invoice.amount_remaining - amount;
  const received = {
    ...invoice,
    amount_paid: invoice.amount_paid + amount,
    amount_remaining: remaining,
    attempt_count: amount > 0 ? invoice.attempt_count + 1 : invoice.attempt_count,
    attempted: true,
  };
  if (remaining > 0) return received;
  return {
    ...received,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  };
}

function customerFields(customer: Stripe.Customer) {
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
  };
}

function amountFields(cents: number, currency: string) {
  return {
    amount_due: cents,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: cents,
    amount_shipping: 0,
    currency,
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
