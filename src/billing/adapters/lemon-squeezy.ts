import { isHmacOf, type AdapterResult, type Delivery, type WebhookAdapter } from './adapter.js';
import type { EventFields } from './event-fields.js';

const provider = 'lemon-squeezy';

/**
 * Lemon Squeezy. The person is `external_id` of the checkout’s custom data, or the customer.
 * Documents: https://docs.lemonsqueezy.com/help/webhooks
 */
export const lemonSqueezy: WebhookAdapter = { provider, isSigned, read };

/** `X-Signature`, in hex. It has no time: that a delivery is repeated changes nothing. */
function isSigned({ body, headers }: Delivery, secret: string): boolean {
  const signature = headers['x-signature'];
  return typeof signature === 'string' && isHmacOf(signature, secret, body);
}

function read(event: EventFields): AdapterResult {
  const name = event.object('meta').text('event_name');
  switch (name) {
    case 'subscription_payment_success':
      return readPayment(event, 'invoice');
    case 'subscription_payment_refunded':
      return readRefund(event, 'invoice');
    case 'order_created':
      return isOneTime(event) ? readPayment(event, 'order') : { ignored: orderOfSubscription };
    case 'order_refunded':
      return isOneTime(event) ? readRefund(event, 'order') : { ignored: orderOfSubscription };
    case 'subscription_payment_failed':
    case 'subscription_payment_recovered':
      return { ignored: 'the events of the subscription and of the payment say the same' };
  }
  if (name.startsWith('subscription_')) return readSubscription(event);
  return { ignored: `events named ${name.slice(0, 100)} report nothing here` };
}

const orderOfSubscription = 'an order counts where its custom data has one_time; a subscription has invoices';

/** A subscription's first payment is an order as well, and nothing in the order says so. */
function isOneTime(event: EventFields): boolean {
  const value = event.object('meta').optionalObject('custom_data')?.optionalId('one_time') ?? 'false';
  return ['true', '1', 'yes'].includes(value);
}

/** Orders and invoices are counted separately, so their kind is part of the id. */
function paymentIdOf(event: EventFields, kind: 'invoice' | 'order'): string {
  return `${kind}-${event.object('data').id('id')}`;
}

function readPayment(event: EventFields, kind: 'invoice' | 'order'): AdapterResult {
  const attributes = event.object('data').object('attributes');
  if (kind === 'order' && attributes.text('status') === 'pending')
    return { ignored: 'the order is not paid yet' };
  return {
    kind: 'payment',
    provider,
    id: paymentIdOf(event, kind),
    ...payerOf(event),
    paidAt: attributes.time('created_at'),
    amount: attributes.amount('total'),
    currency: attributes.currency('currency'),
    priceId: attributes.optionalObject('first_order_item')?.optionalId('variant_id') ?? null,
    period: null,
    subscriptionId: attributes.optionalId('subscription_id'),
  };
}

/** All refunds of a payment so far are one, which grows. */
function readRefund(event: EventFields, kind: 'invoice' | 'order'): AdapterResult {
  const attributes = event.object('data').object('attributes');
  const paymentId = paymentIdOf(event, kind);
  return {
    kind: 'refund',
    provider,
    id: paymentId,
    paymentId,
    amount: attributes.optionalAmount('refunded_amount') ?? attributes.amount('total'),
    status: 'succeeded',
    at: attributes.optionalTime('updated_at') ?? attributes.time('refunded_at'),
  };
}

/** One that is cancelled runs until its end, when it expires. */
const subscriptionStatuses: Readonly<
  Record<string, 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'>
> = {
  on_trial: 'trialing',
  active: 'active',
  cancelled: 'active',
  past_due: 'past_due',
  unpaid: 'unpaid',
  paused: 'paused',
  expired: 'canceled',
};

function readSubscription(event: EventFields): AdapterResult {
  const data = event.object('data');
  const attributes = data.object('attributes');
  const status = attributes.text('status');
  return {
    kind: 'subscription',
    provider,
    id: data.id('id'),
    ...payerOf(event),
    status: subscriptionStatuses[status] ?? attributes.refuse('status', 'a status that is known'),
    currentPeriodEnd: attributes.optionalTime('ends_at') ?? attributes.optionalTime('renews_at'),
    cancelAtPeriodEnd: status === 'cancelled',
    updatedAt: attributes.time('updated_at'),
  };
}

function payerOf(event: EventFields): { externalId: string | null; customerId: string | null } {
  return {
    externalId: event.object('meta').optionalObject('custom_data')?.externalId('external_id') ?? null,
    customerId: event.object('data').object('attributes').optionalId('customer_id'),
  };
}
