import type Stripe from 'stripe';
import { newId } from './ids.js';

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
