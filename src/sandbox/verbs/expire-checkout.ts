import type Stripe from 'stripe';
import type { Work } from '../work.js';

/** Ends an open checkout without a payment. */
export async function expireCheckout(
  work: Work,
  session: Stripe.Checkout.Session,
): Promise<Stripe.Checkout.Session> {
  const expired = await work.store.save<Stripe.Checkout.Session>({
    ...session,
    status: 'expired',
    url: null,
  });
  await work.emit('checkout.session.expired', expired);
  return expired;
}
