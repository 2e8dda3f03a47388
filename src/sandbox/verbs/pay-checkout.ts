import type Stripe from 'stripe';
import { buyer } from '../objects/checkout-session.js';
import { newCustomer } from '../objects/customer.js';
import { idOf } from '../objects/reference.js';
import { behaviourOf, type CheckoutMethod } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { completeCheckout } from './complete-checkout.js';
import { payOnce } from './pay-once.js';
import { hiddenTerms } from './checkout-terms.js';
import { held } from './held.js';
import { saveForCheckout } from './methods.js';
import { subscribe } from './subscribe.js';

/**
 * Pays an open checkout with a method that works: customer, subscription, invoice, payment, and the session completed;
 * `unpaid` while a debit is on its way.
 */
export async function payCheckout(
  work: Work,
  session: Stripe.Checkout.Session,
  email: string | null,
  picked: CheckoutMethod,
): Promise<Stripe.Checkout.Session> {
  const customer = await customerOf(work, session, email);
  const method = await saveForCheckout(work, customer, picked);
  if (session.mode === 'payment') return payOnce(work, session, customer, method);
  const hidden = await hiddenTerms(work, session);
  const { subscription, invoice } = await subscribe(work, {
    customer,
    method,
    terms: {
      price: await held(work, 'price', hidden.price),
      paymentMethod: method.id,
      metadata: hidden.subscriptionMetadata,
      trialEnd: hidden.trialDays === 0 ? null : work.now + hidden.trialDays * 86_400,
      whenUnpayable: 'create_invoice',
    },
    outcome: behaviourOf(method).outcome,
    startsIncomplete: picked === 'sepa_incomplete',
  });
  return completeCheckout(work, session, {
    amount_subtotal: invoice.amount_due,
    amount_total: invoice.amount_due,
    customer: customer.id,
    customer_details: buyer(customer.email),
    invoice: invoice.id,
    payment_status: paymentStatus(invoice),
    subscription: subscription.id,
  });
}

function paymentStatus(invoice: Stripe.Invoice): Stripe.Checkout.Session.PaymentStatus {
  if (invoice.amount_due === 0) return 'no_payment_required';
  return invoice.status === 'paid' ? 'paid' : 'unpaid';
}

async function customerOf(
  work: Work,
  session: Stripe.Checkout.Session,
  email: string | null,
): Promise<Stripe.Customer> {
  if (session.customer !== null) {
    const found = await work.store.lock('customer', idOf(session.customer));
    if (found !== null && !found.deleted) return found.data;
  }
  const customer = await work.store.insert(newCustomer({ email }, work.now));
  await work.emit('customer.created', customer);
  return customer;
}
