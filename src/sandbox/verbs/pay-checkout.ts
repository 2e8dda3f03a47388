import type Stripe from 'stripe';
import { buyer } from '../objects/checkout-session.js';
import { newCustomer } from '../objects/customer.js';
import type { TestCard } from '../objects/payment-method.js';
import { idOf } from '../objects/reference.js';
import type { Work } from '../work.js';
import { hiddenTerms } from './checkout-terms.js';
import { held } from './held.js';
import { subscribe } from './subscribe.js';

/** Pays an open checkout with a card that works: customer, subscription, invoice, payment, and the session completed. */
export async function payCheckout(
  work: Work,
  session: Stripe.Checkout.Session,
  email: string | null,
  card: TestCard,
): Promise<Stripe.Checkout.Session> {
  const terms = await hiddenTerms(work, session);
  const customer = await customerOf(work, session, email);
  const { subscription, invoice } = await subscribe(work, {
    customer,
    price: await held(work, 'price', terms.price),
    card,
    metadata: terms.subscriptionMetadata,
    trialEnd: terms.trialDays === 0 ? null : work.now + terms.trialDays * 86_400,
  });
  const completed = await work.store.save<Stripe.Checkout.Session>({
    ...session,
    amount_subtotal: invoice.amount_due,
    amount_total: invoice.amount_due,
    customer: customer.id,
    customer_details: buyer(customer.email),
    invoice: invoice.id,
    payment_status: invoice.amount_due > 0 ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: subscription.id,
    url: null,
  });
  await work.emit('checkout.session.completed', completed);
  return completed;
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
