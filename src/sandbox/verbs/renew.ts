import type Stripe from 'stripe';
import { oneIntervalAfter } from '../objects/billing-interval.js';
import { itemOf } from '../objects/subscription.js';
import type { Outcome } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { issueInvoice } from './bill.js';
import { cancelNow } from './cancel.js';
import { collect } from './collect.js';
import { held, lockedHeld } from './held.js';
import { methodOf } from './method-of.js';
import { pause } from './pause.js';

/**
 * Does what Stripe does when the current period ends, now: the next period is billed and charged (as `outcome` says, or
 * the payment method); a trial becomes paid, or pauses where nothing can be charged; an invoice that is still open is
 * charged again; a subscription that is to end, ends.
 */
export async function renew(
  work: Work,
  subscription: Stripe.Subscription,
  outcome?: Outcome,
): Promise<Stripe.Subscription> {
  if (subscription.cancel_at_period_end) return cancelNow(work, subscription);
  const method = await methodOf(work, subscription);
  const whenUnpayable = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (method === null && subscription.status === 'trialing' && whenUnpayable !== 'create_invoice')
    return whenUnpayable === 'pause' ? pause(work, subscription) : cancelNow(work, subscription);
  const invoice = (await openInvoiceOf(work, subscription)) ?? (await billNextPeriod(work, subscription));
  await collect(work, invoice, method, { outcome });
  return held(work, 'subscription', subscription.id);
}

/** The invoice that a subscription still owes; null when its latest one is settled. */
export async function openInvoiceOf(
  work: Work,
  subscription: Stripe.Subscription,
): Promise<Stripe.Invoice | null> {
  const latest = await lockedHeld(work, 'invoice', subscription.latest_invoice);
  return latest.status === 'open' ? latest : null;
}

/** Moves a subscription into its next period, active, and bills that. Returns the open invoice. */
async function billNextPeriod(work: Work, subscription: Stripe.Subscription): Promise<Stripe.Invoice> {
  const item = itemOf(subscription);
  const start = item.current_period_end;
  const end = oneIntervalAfter(start, item.price, subscription.billing_cycle_anchor);
  return billPeriod(work, subscription, { start, end }, 'subscription_cycle');
}

/** Makes a subscription active for a period and bills that. Returns the open invoice. *unit* seconds since 1970 */
export async function billPeriod(
  work: Work,
  before: Stripe.Subscription,
  { start, end }: { start: number; end: number },
  reason: Stripe.Invoice.BillingReason,
): Promise<Stripe.Invoice> {
  const item = itemOf(before);
  const next = { ...item, current_period_start: start, current_period_end: end };
  const items = { ...before.items, data: [next] };
  const moved: Stripe.Subscription = { ...before, items, status: 'active' };
  const invoice = await issueInvoice(work, {
    subscription: moved,
    customer: await lockedHeld(work, 'customer', before.customer),
    reason,
    amount: item.price.unit_amount ?? 0,
    period: { start, end },
  });
  await work.update('customer.subscription.updated', before, { ...moved, latest_invoice: invoice.id });
  return invoice;
}
