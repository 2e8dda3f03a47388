import { randomBytes } from 'node:crypto';

/** A Stripe event of the shape that API version 2026-10-28.endive sends. Times are unix seconds. */
export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
  account?: string;
}

/**
 * A person who pays: their customer and subscription at Stripe. `userId` is what our metadata says.
 */
export interface Payer {
  customer: string;
  subscription: string;
  userId: string | null;
}

/** A fresh id with Stripe's prefix. */
export function stripeId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('hex')}`;
}

/** Wraps an object into an event. */
export function event(
  type: string,
  object: object,
  created: number,
  more: Partial<StripeEvent> = {},
): StripeEvent {
  return {
    id: stripeId('evt'),
    object: 'event',
    api_version: '2026-10-28.endive',
    created,
    data: { object: object as Record<string, unknown> },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    ...more,
  };
}

export const monthSeconds = 30 * 86_400;
export const priceMonthly = 'price_twofold_monthly';

/** A paid invoice of a subscription; `more` replaces top-level fields. */
export function invoice(
  payer: Payer,
  paidAt: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const id = stripeId('in');
  return {
    id,
    object: 'invoice',
    amount_due: 1000,
    amount_paid: 1000,
    amount_remaining: 0,
    billing_reason: 'subscription_create',
    collection_method: 'charge_automatically',
    created: paidAt,
    currency: 'usd',
    customer: payer.customer,
    customer_account: null,
    customer_email: 'not-looked-at@example.org',
    discounts: [],
    livemode: false,
    metadata: {},
    number: 'T-0001',
    lines: { object: 'list', has_more: false, total_count: 1, data: [line(payer, id, paidAt)] },
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { subscription: payer.subscription, metadata: metadataOf(payer) },
    },
    period_end: paidAt,
    period_start: paidAt,
    status: 'paid',
    status_transitions: {
      finalized_at: paidAt,
      marked_uncollectible_at: null,
      paid_at: paidAt,
      voided_at: null,
    },
    subtotal: 1000,
    total: 1000,
    total_taxes: [],
    ...more,
  };
}

/** A subscription's snapshot. */
export function subscription(
  payer: Payer,
  startedAt: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: payer.subscription,
    object: 'subscription',
    billing_mode: { type: 'flexible' },
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    collection_method: 'charge_automatically',
    created: startedAt,
    currency: 'usd',
    customer: payer.customer,
    customer_account: null,
    discounts: [],
    ended_at: null,
    items: { object: 'list', has_more: false, total_count: 1, data: [item(payer, startedAt)] },
    latest_invoice: null,
    livemode: false,
    metadata: metadataOf(payer),
    pause_collection: null,
    schedule: null,
    start_date: startedAt,
    status: 'active',
    trial_end: null,
    trial_start: null,
    ...more,
  };
}

/** A completed checkout session. */
export function checkoutSession(
  id: string,
  payer: Payer,
  createdAt: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id,
    object: 'checkout.session',
    client_reference_id: payer.userId,
    created: createdAt,
    currency: 'usd',
    customer: payer.customer,
    livemode: false,
    metadata: {},
    mode: 'subscription',
    payment_status: 'paid',
    status: 'complete',
    subscription: payer.subscription,
    ...more,
  };
}

function metadataOf(payer: Payer): Record<string, string> {
  return payer.userId === null ? {} : { twofold_user_id: payer.userId };
}

function line(payer: Payer, invoiceId: string, from: number): Record<string, unknown> {
  return {
    id: stripeId('il'),
    object: 'line_item',
    amount: 1000,
    currency: 'usd',
    description: '1 × Twofold (at $10.00 / month)',
    discounts: [],
    invoice: invoiceId,
    livemode: false,
    metadata: {},
    period: { start: from, end: from + monthSeconds },
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: {
        subscription: payer.subscription,
        subscription_item: stripeId('si'),
        proration: false,
      },
    },
    pricing: {
      type: 'price_details',
      price_details: { price: priceMonthly, product: 'prod_twofold' },
      unit_amount_decimal: '1000',
    },
    quantity: 1,
    subtotal: 1000,
    taxes: [],
  };
}

function item(payer: Payer, from: number): Record<string, unknown> {
  return {
    id: stripeId('si'),
    object: 'subscription_item',
    created: from,
    current_period_start: from,
    current_period_end: from + monthSeconds,
    metadata: {},
    quantity: 1,
    subscription: payer.subscription,
    price: {
      id: priceMonthly,
      object: 'price',
      active: true,
      currency: 'usd',
      product: 'prod_twofold',
      type: 'recurring',
      unit_amount: 1000,
      recurring: { interval: 'month', interval_count: 1, meter: null, usage_type: 'licensed' },
    },
  };
}
