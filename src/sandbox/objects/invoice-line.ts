import Stripe from 'stripe';
import { newId } from './ids.js';
import type { InvoiceTerms } from './invoice-terms.js';
import { idOf } from './reference.js';
import { itemOf } from './subscription.js';

/** The one line of a subscription's invoice, with the price in `pricing.price_details`. */
export function invoiceLine(invoiceId: string, terms: InvoiceTerms): Stripe.InvoiceLineItem {
  const item = itemOf(terms.subscription);
  return {
    id: newId('il'),
    object: 'line_item',
    amount: terms.amount,
    currency: item.price.currency,
    description: describe(terms),
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: invoiceId,
    livemode: false,
    metadata: terms.subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: terms.subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: terms.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: idOf(item.price.product) },
      type: 'price_details',
      unit_amount_decimal: Stripe.Decimal.from(terms.amount),
    },
    quantity: 1,
    quantity_decimal: Stripe.Decimal.from(1),
    subscription: terms.subscription.id,
    subtotal: terms.amount,
    taxes: [],
  };
}

function describe({ amount, subscription }: InvoiceTerms): string {
  const { price } = itemOf(subscription);
  if (amount === 0) return 'Trial period';
  return `1 × ${price.nickname ?? price.id} (at $${(amount / 100).toFixed(2)} / ${price.recurring?.interval ?? 'once'})`;
}
