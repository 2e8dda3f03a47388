import type Stripe from 'stripe';

/** Every kind of object that the sandbox keeps, by its name in Stripe's `object` field. */
export interface Resources {
  customer: Stripe.Customer;
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  product: Stripe.Product;
  price: Stripe.Price;
  payment_method: Stripe.PaymentMethod;
  'checkout.session': Stripe.Checkout.Session;
  subscription: Stripe.Subscription;
  invoiceitem: Stripe.InvoiceItem;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  credit_note: Stripe.CreditNote;
  dispute: Stripe.Dispute;
  'radar.early_fraud_warning': Stripe.Radar.EarlyFraudWarning;
  'billing_portal.session': Stripe.BillingPortal.Session;
}

/** The name of a kind of object. */
export type ResourceType = keyof Resources;

/** Any object that the sandbox keeps. */
export type Resource = Resources[ResourceType];
