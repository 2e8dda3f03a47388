import type Stripe from 'stripe';
import { buyer } from '../objects/checkout-session.js';
import { behaviourOf } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { attempt, startPayment } from './attempt.js';
import { completeCheckout } from './complete-checkout.js';
import { held } from './held.js';
import { settleByItself } from './settle-debit.js';

/** Pays an open checkout that sells something once; without a customer it is a guest's. */
export async function payOnce(
  work: Work,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer | null,
  method: Stripe.PaymentMethod,
): Promise<Stripe.Checkout.Session> {
  const intent = await startPayment(work, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer?.id ?? null,
    description: null,
    invoice: null,
    metadata: {},
    methodTypes: [method.type],
  });
  const tried = await attempt(work, intent, method, behaviourOf(method).outcome);
  await completeCheckout(work, session, {
    customer: customer?.id ?? null,
    customer_details: buyer(customer?.email ?? method.billing_details.email),
    payment_intent: tried.id,
    payment_status: tried.status === 'succeeded' ? 'paid' : 'unpaid',
  });
  await settleByItself(work, tried.id);
  return held(work, 'checkout.session', session.id);
}
