import type Stripe from 'stripe';
import { behaviourOf } from '../../objects/test-methods.js';
import { finalize, markPaidOffStripe } from '../../verbs/bill.js';
import { closeInvoice } from '../../verbs/close-invoice.js';
import { collect } from '../../verbs/collect.js';
import { held } from '../../verbs/held.js';
import { chargedTo } from '../../verbs/method-of.js';
import { methodNamed } from '../../verbs/methods.js';
import { afterPayment } from '../../verbs/subscription-follows.js';
import { annotate, namedForUpdate, retrieve, type Call, type Endpoint } from '../endpoint.js';
import { cardError, refused, type ApiError } from '../errors.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

/** Invoices after they were written, and the payments that settle them. */
export const invoices: Endpoint[] = [
  retrieve('/v1/invoices', 'invoice'),
  annotate('/v1/invoices', 'invoice', 'invoice.updated'),
  { method: 'POST', path: '/v1/invoices/:id/finalize', answer: finalizeNamed },
  { method: 'POST', path: '/v1/invoices/:id/pay', answer: pay },
  { method: 'POST', path: '/v1/invoices/:id/void', answer: (call) => close(call, 'void') },
  {
    method: 'POST',
    path: '/v1/invoices/:id/mark_uncollectible',
    answer: (call) => close(call, 'uncollectible'),
  },
  list('/v1/invoices', 'invoice', (params) => [
    ...equal(params, 'customer', 'status', 'collection_method'),
    ...ofSubscription(params),
    ...within(params),
  ]),
  retrieve('/v1/invoice_payments', 'invoice_payment'),
  list('/v1/invoice_payments', 'invoice_payment', (params) => [
    ...equal(params, 'invoice', 'status'),
    ...ofPayment(params.inside('payment')),
    ...within(params),
  ]),
];

async function finalizeNamed(call: Call): Promise<Stripe.Invoice> {
  const invoice = await namedForUpdate(call, 'invoice');
  call.params.flag('auto_advance');
  if (invoice.status !== 'draft') throw refused(`This invoice is already finalized: ${invoice.status}.`);
  return finalize(call.work, invoice);
}

async function pay(call: Call): Promise<Stripe.Invoice | ApiError> {
  const { params, work } = call;
  let invoice = await namedForUpdate(call, 'invoice');
  if (invoice.status === 'draft') invoice = await finalize(work, invoice);
  if (invoice.status !== 'open') throw refused(`Invoice is already ${invoice.status}`, 'invoice_not_open');
  params.ignore('off_session');
  const outOfBand = params.flag('paid_out_of_band') ?? false;
  if (outOfBand) return afterPayment(work, await markPaidOffStripe(work, invoice));
  const wished = params.text('payment_method');
  const method =
    wished === undefined ? await chargedTo(work, invoice) : await methodNamed(work, wished, 'payment_method');
  if (method === null)
    throw refused('Cannot charge a customer that has no default payment method.', 'missing');
  await collect(work, invoice, method);
  const { outcome } = behaviourOf(method);
  if (outcome === 'declines') return cardError(false);
  if (outcome === 'needs_action') return cardError(true, 'invoice_payment_intent_requires_action');
  return held(work, 'invoice', invoice.id);
}

async function close(call: Call, into: 'void' | 'uncollectible'): Promise<Stripe.Invoice> {
  return closeInvoice(call.work, await namedForUpdate(call, 'invoice'), into);
}

function ofSubscription(params: Params) {
  const value = params.text('subscription');
  return value === undefined
    ? []
    : [{ sql: `data->'parent'->'subscription_details'->>'subscription' = $`, value }];
}

function ofPayment(payment: Params) {
  const type = payment.oneOf('type', 'payment_intent', 'payment_record', 'charge');
  const ids = ['payment_intent', 'payment_record', 'charge'].flatMap((name) => {
    const value = payment.text(name);
    return value === undefined ? [] : [{ sql: `data->'payment'->>'${name}' = $`, value }];
  });
  return [...(type === undefined ? [] : [{ sql: `data->'payment'->>'type' = $`, value: type }]), ...ids];
}
