import type { default as Stripe } from 'stripe';
import { subscriptionItemOf, newSubscription, type SubscriptionTerms } from '../objects/subscription.js';
import type { Outcome } from '../objects/payment-methods.js';
import { type UnitOfWork, mustGet, mustLock } from '../unit-of-work.js';
import { issueInvoice, markPaid } from './invoices.js';
import { collectInvoice } from './collection.js';
import { invalidStateError } from '../api/errors.js';

/**
 * What a customer subscribes to, and how the first payment is to go. `startsIncomplete`: not active
 * before the money is there.
 */
export interface SubscriptionOrder {
  customer: Stripe.Customer;
  method: Stripe.PaymentMethod | null;
  terms: Omit<SubscriptionTerms, 'customer' | 'status'>;
  outcome: Outcome;
  startsIncomplete?: boolean;
}

/** Starts a subscription and collects its first invoice, which is of nothing during a trial. */
export async function subscribe(
  unitOfWork: UnitOfWork,
  subscriptionOrder: SubscriptionOrder,
): Promise<{ subscription: Stripe.Subscription; invoice: Stripe.Invoice }> {
  const { customer, method, terms } = subscriptionOrder;
  const status = firstStatus(subscriptionOrder);
  const draft = newSubscription({ ...terms, customer: customer.id, status }, unitOfWork.now);
  const started = await unitOfWork.store.insert(draft);
  const { current_period_start: start, current_period_end: end } = subscriptionItemOf(started);
  const open = await issueInvoice(unitOfWork, {
    subscription: started,
    customer,
    reason: 'subscription_create',
    amount: terms.trialEnd === null ? (terms.price.unit_amount ?? 0) : 0,
    period: { start, end },
  });
  const created = await unitOfWork.store.save({ ...started, latest_invoice: open.id });
  await unitOfWork.emit('customer.subscription.created', created);
  await announceTrialEnd(unitOfWork, created);
  const invoice = await collectInvoice(unitOfWork, open, method, { outcome: subscriptionOrder.outcome });
  return { subscription: await mustGet(unitOfWork, 'subscription', created.id), invoice };
}

/**
 * Sends the event that a trial ends soon, which Stripe does three days before, or at once when it
 * is shorter.
 */
export async function announceTrialEnd(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
): Promise<void> {
  const end = subscription.trial_end;
  if (subscription.status === 'trialing' && end !== null && end - unitOfWork.now <= 3 * 86_400)
    await unitOfWork.emit('customer.subscription.trial_will_end', subscription);
}

function firstStatus({
  terms,
  outcome,
  startsIncomplete = false,
}: SubscriptionOrder): Stripe.Subscription.Status {
  if (terms.trialEnd !== null) return 'trialing';
  if (outcome === 'succeeds' || (outcome === 'processes' && !startsIncomplete)) return 'active';
  return 'incomplete';
}

/**
 * Moves the next charge of a live subscription to `trialEnd` without proration: it is trialing
 * until then, its billing day becomes that day, and an invoice of nothing covers the time. *unit*
 * seconds since 1970.
 */
export async function startTrial(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
  trialEnd: number,
): Promise<Stripe.Subscription> {
  const item = {
    ...subscriptionItemOf(subscription),
    current_period_start: unitOfWork.now,
    current_period_end: trialEnd,
  };
  const trialing: Stripe.Subscription = {
    ...subscription,
    billing_cycle_anchor: trialEnd,
    items: { ...subscription.items, data: [item] },
    status: 'trialing',
    trial_end: trialEnd,
    trial_start: subscription.trial_start ?? unitOfWork.now,
  };
  const open = await issueInvoice(unitOfWork, {
    subscription: trialing,
    customer: await mustLock(unitOfWork, 'customer', subscription.customer),
    reason: 'subscription_update',
    amount: 0,
    period: { start: unitOfWork.now, end: trialEnd },
  });
  await markPaid(unitOfWork, open);
  return { ...trialing, latest_invoice: open.id };
}

/** Ends a subscription at once, for good; by wish, or because its payments failed. */
export async function cancelSubscription(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
  why: 'cancellation_requested' | 'payment_failed' = 'cancellation_requested',
): Promise<Stripe.Subscription> {
  const ended = await unitOfWork.store.save<Stripe.Subscription>({
    ...subscription,
    canceled_at: subscription.canceled_at ?? unitOfWork.now,
    cancellation_details: cancellationDetails(why),
    ended_at: unitOfWork.now,
    status: 'canceled',
  });
  await unitOfWork.emit('customer.subscription.deleted', ended);
  return ended;
}

/**
 * The subscription as it is once it is to end with its period, or (`atPeriodEnd` false) to go on
 * after all.
 */
export function withCancelAtPeriodEnd(
  subscription: Stripe.Subscription,
  atPeriodEnd: boolean,
  now: number,
): Stripe.Subscription {
  return {
    ...subscription,
    cancel_at: atPeriodEnd ? subscriptionItemOf(subscription).current_period_end : null,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: atPeriodEnd ? (subscription.canceled_at ?? now) : null,
    cancellation_details: cancellationDetails(atPeriodEnd ? 'cancellation_requested' : null),
  };
}

function cancellationDetails(
  word: Stripe.Subscription.CancellationDetails.Reason | null,
): Stripe.Subscription.CancellationDetails {
  return { comment: null, feedback: null, feedback_option: null, reason: word };
}

/** Pauses a subscription whose trial ended without a payment method: no service, no invoices. */
export async function pauseSubscription(
  unitOfWork: UnitOfWork,
  subscription: Stripe.Subscription,
): Promise<Stripe.Subscription> {
  if (subscription.status !== 'trialing')
    throw invalidStateError('Only a trial can end without a payment method, and pause.');
  const paused = await unitOfWork.update('customer.subscription.updated', subscription, {
    ...subscription,
    default_payment_method: null,
    status: 'paused',
    status_details: {
      paused: {
        subscription: { type: 'trial_end_without_payment_method' },
        transitioned_at: unitOfWork.now,
        type: 'subscription',
      },
    },
    trial_end: unitOfWork.now,
  });
  await unitOfWork.emit('customer.subscription.paused', paused);
  return paused;
}
