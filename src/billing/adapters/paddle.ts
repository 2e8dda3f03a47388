import {
  isHmacOf,
  signatureToleranceSeconds,
  type AdapterResult,
  type Delivery,
  type WebhookAdapter,
} from './adapter.js';
import type { EventFields } from './event-fields.js';

const provider = 'paddle';

/**
 * Paddle Billing. The person is `custom_data.external_id` of the checkout, or the customer.
 * Documents: https://developer.paddle.com/webhooks
 */
export const paddle: WebhookAdapter = { provider, isSigned, read };

/** `Paddle-Signature: ts=…;h1=…`; while a secret is rotated there are several `h1`. */
function isSigned({ body, headers, receivedAt }: Delivery, secret: string): boolean {
  const header = headers['paddle-signature'];
  const parts = (typeof header === 'string' ? header : '').split(';').map((part) => part.split('='));
  const valuesOf = (name: string) => parts.flatMap(([own, value = '']) => (own === name ? value : []));
  const [sentAt = ''] = valuesOf('ts');
  const age = Math.abs(receivedAt.getTime() / 1000 - Number(sentAt));
  if (!/^\d{1,12}$/.test(sentAt) || age > signatureToleranceSeconds) return false;
  return valuesOf('h1').some((signature) => isHmacOf(signature, secret, `${sentAt}:`, body));
}

function read(event: EventFields): AdapterResult {
  const type = event.text('event_type');
  if (type === 'transaction.completed') return readTransaction(event);
  if (type === 'adjustment.created' || type === 'adjustment.updated') return readAdjustment(event);
  if (type.startsWith('subscription.')) return readSubscription(event);
  if (type === 'transaction.paid')
    return { ignored: 'transaction.completed follows, with all that it lacks' };
  return { ignored: `events of type ${type.slice(0, 100)} report nothing here` };
}

function readTransaction(event: EventFields): AdapterResult {
  const data = event.object('data');
  const period = data.optionalObject('billing_period');
  const captured = data.list('payments').flatMap((payment) => payment.optionalTime('captured_at') ?? []);
  const [item] = data.list('items');
  return {
    kind: 'payment',
    provider,
    id: data.id('id'),
    ...payerOf(data),
    // the money is there with the last part of it
    paidAt: captured.sort((one, other) => other.getTime() - one.getTime())[0] ?? event.time('occurred_at'),
    amount: data.object('details').object('totals').amount('grand_total'),
    currency: data.currency('currency_code'),
    priceId: item?.optionalObject('price')?.optionalId('id') ?? null,
    period: period === null ? null : { start: period.time('starts_at'), end: period.time('ends_at') },
    subscriptionId: data.optionalId('subscription_id'),
  };
}

const refundStatuses: Readonly<Record<string, 'pending' | 'succeeded' | 'failed'>> = {
  pending_approval: 'pending',
  approved: 'succeeded',
  rejected: 'failed',
  reversed: 'failed',
};

/** A chargeback and its end are two adjustments: they are one dispute of their transaction. */
const disputeStatuses: Readonly<Record<string, 'won' | 'lost'>> = {
  chargeback: 'lost',
  chargeback_reverse: 'won',
};

function readAdjustment(event: EventFields): AdapterResult {
  const data = event.object('data');
  const action = data.text('action');
  const paymentId = data.id('transaction_id');
  const amount = data.object('totals').amount('total');
  if (action === 'refund') {
    const status = refundStatuses[data.text('status')] ?? data.refuse('status', 'a status that is known');
    const at = data.optionalTime('updated_at') ?? event.time('occurred_at');
    return { kind: 'refund', provider, id: data.id('id'), paymentId, amount, status, at };
  }
  const status = disputeStatuses[action];
  if (status === undefined) return { ignored: `adjustments by ${action.slice(0, 100)} move no payment` };
  const at = data.optionalTime('created_at') ?? event.time('occurred_at');
  return { kind: 'dispute', provider, id: paymentId, paymentId, amount, status, at };
}

const subscriptionStatuses: Readonly<
  Record<string, 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled'>
> = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  paused: 'paused',
  canceled: 'canceled',
};

function readSubscription(event: EventFields): AdapterResult {
  const data = event.object('data');
  const change = data.optionalObject('scheduled_change')?.optionalText('action') ?? null;
  return {
    kind: 'subscription',
    provider,
    id: data.id('id'),
    ...payerOf(data),
    status: subscriptionStatuses[data.text('status')] ?? data.refuse('status', 'a status that is known'),
    currentPeriodEnd: data.optionalObject('current_billing_period')?.optionalTime('ends_at') ?? null,
    cancelAtPeriodEnd: change === 'cancel',
    updatedAt: event.time('occurred_at'),
  };
}

function payerOf(data: EventFields): { externalId: string | null; customerId: string | null } {
  return {
    externalId: data.optionalObject('custom_data')?.externalId('external_id') ?? null,
    customerId: data.optionalId('customer_id'),
  };
}
