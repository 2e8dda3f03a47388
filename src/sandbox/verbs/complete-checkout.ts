import type Stripe from 'stripe';
import type { Work } from '../work.js';

/** Ends an open checkout with a payment, or with one on its way. */
export async function completeCheckout(
  work: Work,
  session: Stripe.Checkout.Session,
  result: Partial<Stripe.Checkout.Session>,
): Promise<Stripe.Checkout.Session> {
  const completed = await work.store.save<Stripe.Checkout.Session>({
    ...session,
    ...result,
    status: 'complete',
    url: null,
  });
  await work.emit('checkout.session.completed', completed);
  return completed;
}
