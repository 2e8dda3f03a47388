import Stripe from 'stripe';
import { newId } from './ids.js';
import type { InvoiceTerms } from './invoice-terms.js';
import { idOf } from './reference.js';
import { itemOf } from './subscription.js';

/** The one line of a subscription's invoice, with the price in `pricing.price_details`. */
export function subscriptionLine(invoiceId: string, terms: InvoiceTerms): Stripe.InvoiceLineItem {
  const { subscription, period, amount } = terms;
  const item = itemOf(subscription);
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
export function itemLine(invoiceId: string, item: Stripe.InvoiceItem): Stripe.InvoiceLineItem {
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
  const { price } = itemOf(subscription);
  if (amount === 0) return 'Trial period';
  return `1 × ${price.nickname ?? price.id} (at $${(amount / 100).toFixed(2)} / ${price.recurring?.interval ?? 'once'})`;
}
