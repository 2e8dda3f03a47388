import type Stripe from 'stripe';

/** Wraps complete data in Stripe's list envelope, as the lists inside objects come. *shape* `url` is the API path that would list them. */
export function embeddedList<T>(data: T[], url: string): Stripe.ApiList<T> & { total_count: number } {
  return { object: 'list', data, has_more: false, total_count: data.length, url };
}
