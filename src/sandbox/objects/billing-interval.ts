import type Stripe from 'stripe';

/**
 * The moment one billing interval after `start`. A month is a calendar month that keeps the day of the anchor where
 * the month has it (31 January → 28 February → 31 March). *unit* seconds since 1970.
 */
export function oneIntervalAfter(start: number, price: Stripe.Price, anchor = start): number {
  const months = (price.recurring?.interval === 'year' ? 12 : 1) * (price.recurring?.interval_count ?? 1);
  const from = new Date(start * 1_000);
  const anchorDay = new Date(anchor * 1_000).getUTCDate();
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  const next = new Date(from);
  next.setUTCDate(1);
  next.setUTCMonth(from.getUTCMonth() + months);
  next.setUTCDate(Math.min(anchorDay, lastDay));
  return next.getTime() / 1_000;
}
