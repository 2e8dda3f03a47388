import Stripe from 'stripe';
import { newId, idOf } from './stripe-objects.js';
import { subscriptionItemOf } from './subscription.js';

/** The one line of a subscription's invoice, with the price in `pricing.price_details`. */
export function subscriptionLine(invoiceId: string, terms: InvoiceTerms): Stripe.InvoiceLineItem {
  const { subscription, period, amount } = terms;
  const item = subscriptionItemOf(subscription);
  return {
    ...line(invoiceId, amount, item.price.currency),
    description: describe(terms),
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period,
    pricing: {
      price_details: { price: item.price.id, product: idOf(item.price.product) },
      type: 'price_details',
      unit_amount_decimal: Stripe.Decimal.from(amount),
    },
    subscription: subscription.id,
  };
}

/** The line that an invoice item becomes. */
export function invoiceItemLine(invoiceId: string, item: Stripe.InvoiceItem): Stripe.InvoiceLineItem {
  return {
    ...line(invoiceId, item.amount, item.currency),
    description: item.description,
    metadata: item.metadata ?? {},
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pricing: null,
    subscription: null,
  };
}

function line(invoice: string, amount: number, currency: string) {
  return {
    id: newId('il'),
    object: 'line_item' as const,
    amount,
    currency,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    pretax_credit_amounts: [],
    quantity: 1,
    quantity_decimal: Stripe.Decimal.from(1),
    subtotal: amount,
    taxes: [],
  };
}

function describe({ amount, subscription }: InvoiceTerms): string {
  const { price } = subscriptionItemOf(subscription);
  if (amount === 0) return 'Trial period';
  return `1 × ${price.nickname ?? price.id} (at $${(amount / 100).toFixed(2)} / ${price.recurring?.interval ?? 'once'})`;
}

/**
 * What a subscription's invoice bills. *unit* `amount` in cents; `period` is what the line pays
 * for, in seconds since 1970.
 */
export interface InvoiceTerms {
  subscription: Stripe.Subscription;
  customer: Stripe.Customer;
  reason: Stripe.Invoice.BillingReason;
  amount: number;
  period: { start: number; end: number };
}

/** What any invoice is made of. `parent` null: it bills no subscription. */
export interface DraftTerms {
  customer: Stripe.Customer;
  parent: Stripe.Invoice.Parent | null;
  reason: Stripe.Invoice.BillingReason;
  currency: string;
  description: string | null;
  metadata: Stripe.Metadata;
  lines: (invoiceId: string) => Stripe.InvoiceLineItem[];
}

/** Something that the next invoice of a customer is to bill. *unit* `amount` in cents */
export interface InvoiceItemTerms {
  customer: string;
  amount: number;
  currency: string;
  description: string | null;
  metadata: Stripe.Metadata;
}

/** Builds an invoice item that no invoice has taken up yet. */
export function newInvoiceItem(terms: InvoiceItemTerms, now: number): Stripe.InvoiceItem {
  return {
    id: newId('ii'),
    object: 'invoiceitem',
    amount: terms.amount,
    currency: terms.currency,
    customer: terms.customer,
    customer_account: null,
    date: now,
    description: terms.description,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: terms.metadata,
    net_amount: terms.amount,
    parent: null,
    period: { start: now, end: now },
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: Stripe.Decimal.from(1),
    tax_rates: [],
    test_clock: null,
  };
}
