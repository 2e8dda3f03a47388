import type Stripe from 'stripe';

/** What a subscription's invoice bills. *unit* `amount` in cents; `period` is what the line pays for, in seconds since 1970. */
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
