import type Stripe from 'stripe';
import { finalizedInvoice, newDraft, subscriptionParent } from '../objects/invoice.js';
import { subscriptionLine } from '../objects/invoice-line.js';
import { oneIntervalAfter } from '../objects/billing-interval.js';
import { itemOf } from '../objects/subscription.js';
import type { Work } from '../work.js';
import { held } from './held.js';

/**
 * The invoice that a subscription would get, without writing it: with `trialEnd`, the one of nothing that follows at
 * once; else the one of its next period. *unit* seconds since 1970
 */
export async function previewInvoice(
  work: Work,
  subscription: Stripe.Subscription,
  trialEnd: number | undefined,
): Promise<Stripe.Invoice> {
  const customer = await held(work, 'customer', subscription.customer);
  const { price, current_period_end: next } = itemOf(subscription);
  const period =
    trialEnd === undefined
      ? { start: next, end: oneIntervalAfter(next, price, subscription.billing_cycle_anchor) }
      : { start: work.now, end: trialEnd };
  const amount = trialEnd === undefined ? (price.unit_amount ?? 0) : 0;
  const reason = trialEnd === undefined ? 'upcoming' : 'subscription_update';
  const draft = newDraft(
    {
      customer,
      parent: subscriptionParent(subscription),
      reason,
      currency: price.currency,
      description: null,
      metadata: {},
      lines: (id) => [subscriptionLine(id, { subscription, customer, reason, amount, period })],
    },
    work.now,
  );
  const { status_transitions, number, status } = draft;
  const due = finalizedInvoice(draft, customer, work.now);
  const id = draft.id.replace('in_', 'upcoming_in_');
  return { ...due, id, number, status, status_transitions, effective_at: null };
}
