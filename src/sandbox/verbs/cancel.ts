import type Stripe from 'stripe';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';

/** Ends a subscription at once, for good; by wish, or because its payments failed. */
export async function cancelNow(
  work: Work,
  subscription: Stripe.Subscription,
  why: 'cancellation_requested' | 'payment_failed' = 'cancellation_requested',
): Promise<Stripe.Subscription> {
  const ended = await work.store.save<Stripe.Subscription>({
    ...subscription,
    canceled_at: subscription.canceled_at ?? work.now,
    cancellation_details: reason(why),
    ended_at: work.now,
    status: 'canceled',
  });
  await work.emit('customer.subscription.deleted', ended);
  return ended;
}

/** The subscription as it is once it is to end with its period, or (`atPeriodEnd` false) to go on after all. */
export function endingWithPeriod(
  subscription: Stripe.Subscription,
  atPeriodEnd: boolean,
  now: number,
): Stripe.Subscription {
  return {
    ...subscription,
    cancel_at: atPeriodEnd ? itemOf(subscription).current_period_end : null,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: atPeriodEnd ? (subscription.canceled_at ?? now) : null,
    cancellation_details: reason(atPeriodEnd ? 'cancellation_requested' : null),
  };
}

function reason(
  word: Stripe.Subscription.CancellationDetails.Reason | null,
): Stripe.Subscription.CancellationDetails {
  return { comment: null, feedback: null, feedback_option: null, reason: word };
}
