import { stripeId } from './stripe-payloads.js';

/**
 * A recurring price as Stripe answers it, with its product expanded. `more` replaces single fields.
 */
export function price(more: Record<string, unknown> = {}): Record<string, unknown> & { id: string } {
  return {
    id: stripeId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: 1_790_000_000,
    currency: 'usd',
    livemode: false,
    metadata: {},
    nickname: null,
    product: product(),
    recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
    type: 'recurring',
    unit_amount: 1000,
    ...more,
  };
}

/** A product as Stripe answers it. */
export function product(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: stripeId('prod'), object: 'product', active: true, name: 'Twofold', ...more };
}

/** A page of a list, in Stripe's envelope. */
export function listResponse(data: object[], hasMore = false): { status: number; body: object } {
  return { status: 200, body: { object: 'list', data, has_more: hasMore, url: '/v1/list' } };
}

/** What Stripe answers about an object that it does not have. */
export function notFoundResponse(kind: string, id: string, status = 400): { status: number; body: object } {
  return { status, body: { error: { code: 'resource_missing', message: `No such ${kind}: '${id}'` } } };
}
