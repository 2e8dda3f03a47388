import type Stripe from 'stripe';
import { oneIntervalAfter } from '../objects/billing-interval.js';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { collect, failToCollect, issueInvoice } from './bill.js';
import { cancelNow } from './cancel.js';
import { held, lockedCustomer } from './held.js';

/**
 * Does what Stripe does when the current period ends, now: the next period is billed and paid; a trial becomes paid; an
 * invoice that is still open is paid; a subscription that is to end, ends.
 */
export async function renew(work: Work, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  if (subscription.cancel_at_period_end) return cancelNow(work, subscription);
  const method = await held(work, 'payment_method', subscription.default_payment_method);
  const { invoice, moved } = await billNextPeriod(work, subscription);
  await collect(work, invoice, method);
  return work.update('customer.subscription.updated', subscription, {
    ...moved,
    latest_invoice: invoice.id,
    status: 'active',
  });
}

/** As `renew`, but the card declines: the period moves on, the invoice stays open and the subscription is past due. */
export async function failRenewal(
  work: Work,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  const method = await held(work, 'payment_method', subscription.default_payment_method);
  const { invoice, moved } = await billNextPeriod(work, subscription);
  await failToCollect(work, invoice, method);
  return work.update('customer.subscription.updated', subscription, {
    ...moved,
    latest_invoice: invoice.id,
    status: 'past_due',
  });
}

async function billNextPeriod(work: Work, subscription: Stripe.Subscription) {
  const latest = await held(work, 'invoice', subscription.latest_invoice);
  if (latest.status === 'open') return { invoice: latest, moved: subscription };
  const item = itemOf(subscription);
  const start = item.current_period_end;
  const end = oneIntervalAfter(start, item.price, subscription.billing_cycle_anchor);
  const next = { ...item, current_period_start: start, current_period_end: end };
  const moved = { ...subscription, items: { ...subscription.items, data: [next] } };
  const customer = await lockedCustomer(work, subscription);
  const amount = item.price.unit_amount ?? 0;
  const invoice = await issueInvoice(work, {
    subscription: moved,
    customer,
    reason: 'subscription_cycle',
    amount,
    period: { start, end },
  });
  return { invoice, moved };
}
