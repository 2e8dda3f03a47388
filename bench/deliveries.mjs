import { createHmac } from 'node:crypto';
import { message } from './http-load.mjs';

/** What the app under load uses to verify deliveries. */
export const webhookSecret = 'whsec_bench_bench_bench_bench';

/** A signed delivery of one event, ready to be sent. `now` in unix seconds. */
export function delivery(event, now) {
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', webhookSecret).update(`${now}.${body}`).digest('hex');
  return message(
    'POST',
    '/webhooks/stripe',
    { 'content-type': 'application/json', 'stripe-signature': `t=${now},v1=${signature}` },
    body,
  );
}

/**
 * `invoice.paid` for newcomer `n`: their `turn`th invoice, of the shape that API version
 * 2026-10-28.endive sends.
 */
export function invoicePaid(n, turn, now) {
  const customer = `cus_8001${n}`;
  const subscription = `sub_8001${n}`;
  const user = `00000000-0000-7000-8001-${n.toString(16).padStart(12, '0')}`;
  const start = now + turn * month;
  const id = `in_8001${n}_${turn}`;
  const object = invoice({ id, customer, subscription, user, now, start });
  return event(`evt_8001${n}_${turn}`, 'invoice.paid', object, now);
}

/** `refund.created` for a payment that no event has reported: Stripe is asked about it. */
export function refundOfUnknownPayment(n, now) {
  const object = {
    id: `re_8002${n}`,
    object: 'refund',
    amount: 1000,
    charge: `ch_8002${n}`,
    created: now,
    currency: 'usd',
    metadata: {},
    payment_intent: `pi_8002${n}`,
    reason: 'requested_by_customer',
    status: 'succeeded',
  };
  return event(`evt_8002${n}`, 'refund.created', object, now);
}

function event(id, type, object, now) {
  return {
    id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: now,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}

const month = 30 * 86_400;

function invoice({ id, customer, subscription, user, now, start }) {
  const metadata = { twofold_user_id: user };
  const line = {
    id: `il_${id}`,
    object: 'line_item',
    amount: 1000,
    currency: 'usd',
    invoice: id,
    metadata,
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: { proration: false, subscription, subscription_item: `si_${subscription}` },
    },
    period: { start, end: start + month },
    pricing: {
      type: 'price_details',
      price_details: { price: 'price_bench', product: 'prod_bench' },
      unit_amount_decimal: '1000',
    },
    quantity: 1,
    subtotal: 1000,
  };
  return {
    id,
    object: 'invoice',
    amount_due: 1000,
    amount_paid: 1000,
    amount_remaining: 0,
    billing_reason: 'subscription_cycle',
    collection_method: 'charge_automatically',
    created: now,
    currency: 'usd',
    customer,
    customer_account: null,
    customer_email: 'nobody@example.org',
    discounts: [],
    livemode: false,
    metadata: {},
    number: 'B-0001',
    lines: { object: 'list', has_more: false, total_count: 1, data: [line] },
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { subscription, metadata },
    },
    period_end: now,
    period_start: now,
    status: 'paid',
    status_transitions: { finalized_at: now, marked_uncollectible_at: null, paid_at: now, voided_at: null },
    subtotal: 1000,
    total: 1000,
    total_taxes: [],
  };
}
