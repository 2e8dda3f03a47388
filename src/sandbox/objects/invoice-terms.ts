import type Stripe from 'stripe';

/** What an invoice bills. *unit* `amount` in cents; `period` is what the line pays for, in seconds since 1970. */
export interface InvoiceTerms {
  subscription: Stripe.Subscription;
  customer: Stripe.Customer;
  reason: Stripe.Invoice.BillingReason;
  amount: number;
  period: { start: number; end: number };
}
