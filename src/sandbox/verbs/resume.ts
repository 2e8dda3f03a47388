import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import { oneIntervalAfter } from '../objects/billing-interval.js';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { collect } from './collect.js';
import { held } from './held.js';
import { methodOf } from './method-of.js';
import { billPeriod } from './renew.js';

/** Resumes a paused subscription: its period begins now and is billed. *errors* one that is not paused, or cannot be charged */
export async function resume(work: Work, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  if (subscription.status !== 'paused')
    throw refused(`Subscription ${subscription.id} is ${subscription.status}, not paused.`);
  const method = await methodOf(work, subscription);
  if (method === null) throw refused('There is nothing to charge: add a payment method first.');
  const { status_details: _over, ...rest } = subscription;
  const woken: Stripe.Subscription = { ...rest, billing_cycle_anchor: work.now };
  const period = { start: work.now, end: oneIntervalAfter(work.now, itemOf(subscription).price) };
  const invoice = await billPeriod(work, woken, period, 'subscription_update');
  await work.emit('customer.subscription.resumed', await held(work, 'subscription', subscription.id));
  await collect(work, invoice, method);
  return held(work, 'subscription', subscription.id);
}
