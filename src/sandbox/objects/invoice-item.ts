import Stripe from 'stripe';
import { newId } from './ids.js';

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
