import type Stripe from 'stripe';
import { itemOf, newSubscription, type SubscriptionTerms } from '../objects/subscription.js';
import type { Outcome } from '../objects/test-methods.js';
import type { Work } from '../work.js';
import { issueInvoice } from './bill.js';
import { collect } from './collect.js';
import { held } from './held.js';

/** What a customer subscribes to, and how the first payment is to go. `startsIncomplete`: not active before the money is there. */
export interface Order {
  customer: Stripe.Customer;
  method: Stripe.PaymentMethod | null;
  terms: Omit<SubscriptionTerms, 'customer' | 'status'>;
  outcome: Outcome;
  startsIncomplete?: boolean;
}

/** Starts a subscription and collects its first invoice, which is of nothing during a trial. */
export async function subscribe(
  work: Work,
  order: Order,
): Promise<{ subscription: Stripe.Subscription; invoice: Stripe.Invoice }> {
  const { customer, method, terms } = order;
  const status = firstStatus(order);
  const draft = newSubscription({ ...terms, customer: customer.id, status }, work.now);
  const started = await work.store.insert(draft);
  const { current_period_start: start, current_period_end: end } = itemOf(started);
  const open = await issueInvoice(work, {
    subscription: started,
    customer,
    reason: 'subscription_create',
    amount: terms.trialEnd === null ? (terms.price.unit_amount ?? 0) : 0,
    period: { start, end },
  });
  const created = await work.store.save({ ...started, latest_invoice: open.id });
  await work.emit('customer.subscription.created', created);
  await tellTrialEnd(work, created);
  const invoice = await collect(work, open, method, { outcome: order.outcome });
  return { subscription: await held(work, 'subscription', created.id), invoice };
}

/** Tells that a trial ends soon, which Stripe does three days before, or at once when it is shorter. */
export async function tellTrialEnd(work: Work, subscription: Stripe.Subscription): Promise<void> {
  const end = subscription.trial_end;
  if (subscription.status === 'trialing' && end !== null && end - work.now <= 3 * 86_400)
    await work.emit('customer.subscription.trial_will_end', subscription);
}

function firstStatus({ terms, outcome, startsIncomplete = false }: Order): Stripe.Subscription.Status {
  if (terms.trialEnd !== null) return 'trialing';
  if (outcome === 'succeeds' || (outcome === 'processes' && !startsIncomplete)) return 'active';
  return 'incomplete';
}
