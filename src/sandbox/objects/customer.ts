import type { default as Stripe } from 'stripe';
import { newId } from './stripe-objects.js';

/** What a caller may say about a customer; null clears a field. */
export interface CustomerDetails {
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  description?: string | null;
  metadata?: Stripe.Metadata;
}

/** Builds a customer. *unit* `now` in seconds since 1970. */
export function newCustomer(details: CustomerDetails, now: number): Stripe.Customer {
  return {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: details.description ?? null,
    discount: null,
    email: details.email ?? null,
    invoice_prefix: newId('', 8).slice(1).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: details.metadata ?? {},
    name: details.name ?? null,
    next_invoice_sequence: 1,
    phone: details.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

/**
 * Why a customer's balance changes. *unit* `amount` in cents, negative: in the customer's favour
 */
export interface BalanceChange {
  amount: number;
  type: Stripe.CustomerBalanceTransaction.Type;
  creditNote?: string;
  invoice?: string;
}

/** Builds the line of a customer's balance that shows one change. */
export function newBalanceTransaction(
  customer: Stripe.Customer,
  change: BalanceChange,
  currency: string,
  now: number,
): Stripe.CustomerBalanceTransaction {
  return {
    id: newId('cbtxn'),
    object: 'customer_balance_transaction',
    amount: change.amount,
    checkout_session: null,
    created: now,
    credit_note: change.creditNote ?? null,
    currency,
    customer: customer.id,
    customer_account: null,
    description: null,
    ending_balance: customer.balance + change.amount,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: {},
    type: change.type,
  };
}

/** Builds a visit to the sandbox's billing portal for one customer. */
export function newPortalSession(
  customer: string,
  returnUrl: string | null,
  origin: string,
  now: number,
): Stripe.BillingPortal.Session {
  const id = newId('bps');
  return {
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_sandbox',
    created: now,
    customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url: `${origin}/portal/${id}`,
  };
}
