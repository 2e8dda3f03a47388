import type { default as Stripe } from 'stripe';
import { oneIntervalAfter } from '../objects/catalog.js';
import { subscriptionItemOf } from '../objects/subscription.js';
import type { Outcome } from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet, mustLock } from '../unit-of-work.js';
import { issueInvoice } from './invoices.js';
import { cancelSubscription, pauseSubscription } from './subscriptions.js';
import { collectInvoice } from './collection.js';
import { defaultMethodOf } from './customers.js';
import { invalidStateError } from '../api/errors.js';

/**
 * Does what Stripe does when the current period ends, now: the next period is billed and charged
 * (as `outcome` says, or the payment method); a trial becomes paid, or pauses where nothing can be
 * charged; an invoice that is still open is charged again; a subscription that is to end, ends.
 */
export async function renewSubscription(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
  outcome?: Outcome,
): Promise<Stripe.Subscription> {
  if (subscription.cancel_at_period_end) return cancelSubscription(unitOfWork, subscription);
  const method = await defaultMethodOf(unitOfWork, subscription);
  const whenUnpayable = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (method === null && subscription.status === 'trialing' && whenUnpayable !== 'create_invoice')
    return whenUnpayable === 'pause'
      ? pauseSubscription(unitOfWork, subscription)
      : cancelSubscription(unitOfWork, subscription);
  const invoice =
    (await findOpenInvoice(unitOfWork, subscription)) ?? (await billNextPeriod(unitOfWork, subscription));
  await collectInvoice(unitOfWork, invoice, method, { outcome });
  return mustGet(unitOfWork, 'subscription', subscription.id);
}

/** The invoice that a subscription still owes; null when its latest one is paid. */
export async function findOpenInvoice(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
): Promise<Stripe.Invoice | null> {
  const latest = await mustLock(unitOfWork, 'invoice', subscription.latest_invoice);
  return latest.status === 'open' ? latest : null;
}

/** Moves a subscription into its next period, active, and bills that. Returns the open invoice. */
async function billNextPeriod(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
): Promise<Stripe.Invoice> {
  const item = subscriptionItemOf(subscription);
  const start = item.current_period_end;
  const end = oneIntervalAfter(start, item.price, subscription.billing_cycle_anchor);
  return billPeriod(unitOfWork, subscription, { start, end }, 'subscription_cycle');
}

/**
 * Makes a subscription active for a period and bills that. Returns the open invoice. *unit* seconds
 * since 1970
 */
export async function billPeriod(
  unitOfWork: UnitOfWork,
  before: Stripe.Subscription,
  { start, end }: { start: number; end: number },
  reason: Stripe.Invoice.BillingReason,
): Promise<Stripe.Invoice> {
  const item = subscriptionItemOf(before);
  const next = { ...item, current_period_start: start, current_period_end: end };
  const items = { ...before.items, data: [next] };
  const activated: Stripe.Subscription = { ...before, items, status: 'active' };
  const invoice = await issueInvoice(unitOfWork, {
    subscription: activated,
    customer: await mustLock(unitOfWork, 'customer', before.customer),
    reason,
    amount: item.price.unit_amount ?? 0,
    period: { start, end },
  });
  await unitOfWork.update('customer.subscription.updated', before, {
    ...activated,
    latest_invoice: invoice.id,
  });
  return invoice;
}

/**
 * Resumes a paused subscription: its period begins now and is billed. *errors* one that is not
 * paused, or cannot be charged
 */
export async function resumeSubscription(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (subscription.status !== 'paused')
    throw invalidStateError(`Subscription ${subscription.id} is ${subscription.status}, not paused.`);
  const method = await defaultMethodOf(unitOfWork, subscription);
  if (method === null) throw invalidStateError('There is nothing to charge: add a payment method first.');
  const { status_details: _over, ...rest } = subscription;
  const active: Stripe.Subscription = { ...rest, billing_cycle_anchor: unitOfWork.now };
  const period = {
    start: unitOfWork.now,
    end: oneIntervalAfter(unitOfWork.now, subscriptionItemOf(subscription).price),
  };
  const invoice = await billPeriod(unitOfWork, active, period, 'subscription_update');
  await unitOfWork.emit(
    'customer.subscription.resumed',
    await mustGet(unitOfWork, 'subscription', subscription.id),
  );
  await collectInvoice(unitOfWork, invoice, method);
  return mustGet(unitOfWork, 'subscription', subscription.id);
}

/**
 * Ends the retries of a renewal that failed: the subscription stays `unpaid`, or is cancelled.
 * *errors* one that is not past due
 */
export async function endDunning(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
  status: 'unpaid' | 'canceled',
): Promise<Stripe.Subscription> {
  if (subscription.status !== 'past_due' && subscription.status !== 'unpaid')
    throw invalidStateError(`Subscription ${subscription.id} is ${subscription.status}, not past due.`);
  if (status === 'canceled') return cancelSubscription(unitOfWork, subscription, 'payment_failed');
  return unitOfWork.update('customer.subscription.updated', subscription, {
    ...subscription,
    status: 'unpaid',
  });
}
