import type Stripe from 'stripe';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { issueInvoice, markPaid } from './bill.js';
import { lockedHeld } from './held.js';

/**
 * Moves the next charge of a live subscription to `trialEnd` without proration: it is trialing until then, its billing
 * day becomes that day, and an invoice of nothing covers the time. *unit* seconds since 1970.
 */
export async function startTrial(
  work: Work,
  subscription: Stripe.Subscription,
  trialEnd: number,
): Promise<Stripe.Subscription> {
  const item = { ...itemOf(subscription), current_period_start: work.now, current_period_end: trialEnd };
  const trialing: Stripe.Subscription = {
    ...subscription,
    billing_cycle_anchor: trialEnd,
    items: { ...subscription.items, data: [item] },
    status: 'trialing',
    trial_end: trialEnd,
    trial_start: subscription.trial_start ?? work.now,
  };
  const open = await issueInvoice(work, {
    subscription: trialing,
    customer: await lockedHeld(work, 'customer', subscription.customer),
    reason: 'subscription_update',
    amount: 0,
    period: { start: work.now, end: trialEnd },
  });
  await markPaid(work, open);
  return { ...trialing, latest_invoice: open.id };
}
