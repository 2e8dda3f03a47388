import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import type { Work } from '../work.js';

/** Pauses a subscription whose trial ended without a payment method: no service, no invoices. */
export async function pause(work: Work, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  if (subscription.status !== 'trialing')
    throw refused('Only a trial can end without a payment method, and pause.');
  const paused = await work.update('customer.subscription.updated', subscription, {
    ...subscription,
    default_payment_method: null,
    status: 'paused',
    status_details: {
      paused: {
        subscription: { type: 'trial_end_without_payment_method' },
        transitioned_at: work.now,
        type: 'subscription',
      },
    },
    trial_end: work.now,
  });
  await work.emit('customer.subscription.paused', paused);
  return paused;
}
