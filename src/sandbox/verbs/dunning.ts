import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import type { Work } from '../work.js';
import { cancelNow } from './cancel.js';

/** Ends the retries of a renewal that failed: the subscription stays `unpaid`, or is cancelled. *errors* one that is not past due */
export async function giveUp(
  work: Work,
  subscription: Stripe.Subscription,
  into: 'unpaid' | 'canceled',
): Promise<Stripe.Subscription> {
  if (subscription.status !== 'past_due' && subscription.status !== 'unpaid')
    throw refused(`Subscription ${subscription.id} is ${subscription.status}, not past due.`);
  if (into === 'canceled') return cancelNow(work, subscription, 'payment_failed');
  return work.update('customer.subscription.updated', subscription, { ...subscription, status: 'unpaid' });
}
