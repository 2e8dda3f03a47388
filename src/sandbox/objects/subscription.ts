import type Stripe from 'stripe';
import { oneIntervalAfter, toPlan } from './catalog.js';
import { newId, embeddedList } from './stripe-objects.js';

/**
 * What a new subscription is made of. *unit* times in seconds since 1970; `trialEnd` null: no
 * trial. `onMissingMethod`: what its trial ends in without a payment method.
 */
export interface SubscriptionTerms {
  customer: string;
  price: Stripe.Price;
  paymentMethod: string | null;
  metadata: Stripe.Metadata;
  trialEnd: number | null;
  onMissingMethod: 'create_invoice' | 'pause' | 'cancel';
  status: Stripe.Subscription.Status;
}

/** Builds a subscription in flexible billing mode. */
export function newSubscription(terms: SubscriptionTerms, now: number): Stripe.Subscription {
  const id = newId('sub');
  const item = newSubscriptionItem(id, terms, now);
  return {
    id,
    object: 'subscription',
    ...unusedFeatures(),
    billing_cycle_anchor: terms.trialEnd ?? now,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible', updated_at: now },
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency: terms.price.currency,
    customer: terms.customer,
    default_payment_method: terms.paymentMethod,
    ended_at: null,
    items: embeddedList([item], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    metadata: terms.metadata,
    start_date: now,
    status: terms.status,
    trial_end: terms.trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: 'now', missing_payment_method: terms.onMissingMethod },
    },
    trial_start: terms.trialEnd === null ? null : now,
  };
}

/**
 * The one item of a sandbox subscription. *errors* throws when there is none: checkout always makes
 * one.
 */
export function subscriptionItemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data;
  if (item === undefined) throw new Error(`subscription ${subscription.id} has no item`);
  return item;
}

function newSubscriptionItem(id: string, terms: SubscriptionTerms, now: number): Stripe.SubscriptionItem {
  return {
    id: newId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: now,
    current_period_end: terms.trialEnd ?? oneIntervalAfter(now, terms.price),
    current_period_start: now,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: toPlan(terms.price),
    price: terms.price,
    quantity: 1,
    subscription: id,
    tax_rates: [],
  };
}

function unusedFeatures() {
  return {
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor_config: null,
    billing_schedules: [],
    billing_thresholds: null,
    customer_account: null,
    days_until_due: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' as const },
    },
    livemode: false,
    managed_payments: null,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off' as const,
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    test_clock: null,
    transfer_data: null,
  };
}
