import { retrieve, type Endpoint } from '../endpoint.js';
import { equal, list, within } from '../listing.js';
import type { Params } from '../params.js';

/** Invoices and the payments that settle them. */
export const invoices: Endpoint[] = [
  retrieve('/v1/invoices', 'invoice'),
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

function ofSubscription(params: Params) {
  const value = params.text('subscription');
  return value === undefined
    ? []
    : [{ sql: `data->'parent'->'subscription_details'->>'subscription' = $`, value }];
}

function ofPayment(payment: Params) {
  const type = payment.oneOf('type', 'payment_intent', 'payment_record');
  const intent = payment.text('payment_intent');
  return [
    ...(type === undefined ? [] : [{ sql: `data->'payment'->>'type' = $`, value: type }]),
    ...(intent === undefined ? [] : [{ sql: `data->'payment'->>'payment_intent' = $`, value: intent }]),
  ];
}
