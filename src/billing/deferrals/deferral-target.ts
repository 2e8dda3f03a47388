import type Stripe from 'stripe';
import { dayMs, hourMs, addMs } from '../../platform/durations.js';

/** How long before a charge that comes back a person must be able to see it coming. */
const minNoticeMs = 72 * hourMs;
const maxAheadMs = 2 * 365 * dayMs;

/** Where a charge is and where it goes, or why it stays where it is. */
export type TargetResult = { previousEnd: Date; target: Date } | { refused: string };

/**
 * Where the next charge of a subscription goes when it is deferred by `durationMs`, rounded up to
 * Stripe's whole seconds. Refused where moving it would change more than a date.
 */
export function computeTarget(subscription: Stripe.Subscription, durationMs: number): TargetResult {
  const reason = whyNotDeferrable(subscription);
  if (reason !== null) return { refused: reason };
  const previousEnd = commonPeriodEnd(subscription);
  if (previousEnd === null) return { refused: 'item_periods_differ' };
  const target = new Date(Math.ceil((previousEnd.getTime() + durationMs) / 1_000) * 1_000);
  // days that reach to its planned end would defer no charge
  if (subscription.cancel_at && target.getTime() >= subscription.cancel_at * 1_000)
    return { refused: 'planned_to_end' };
  if (target > addMs(new Date(subscription.billing_cycle_anchor * 1_000), maxAheadMs))
    return { refused: 'over_two_years_ahead' };
  return { previousEnd, target };
}

/**
 * How much earlier a charge may be when its deferral is reverted: by what is unused, and never
 * within 72 hours from `now`. In milliseconds, whole seconds.
 */
export function revertibleMs(previousEnd: Date, target: Date, now: Date): number {
  const earliest = Math.max(previousEnd.getTime(), Math.ceil((now.getTime() + minNoticeMs) / 1_000) * 1_000);
  return Math.max(0, target.getTime() - earliest);
}

/**
 * Whether a charge may still be moved back to `revertTo`. A request that was made within the last
 * hour is repeated as it was.
 */
export function hasEnoughNotice(revertTo: Date, now: Date): boolean {
  return revertTo.getTime() >= now.getTime() + minNoticeMs - hourMs;
}

function whyNotDeferrable(subscription: Stripe.Subscription): string | null {
  if (subscription.status !== 'active' && subscription.status !== 'trialing')
    return `status_${subscription.status}`;
  if (subscription.collection_method !== 'charge_automatically') return 'not_charged_automatically';
  if (subscription.schedule) return 'has_a_schedule';
  if (subscription.cancel_at_period_end) return 'planned_to_end';
  if (subscription.pause_collection) return 'collection_paused';
  return null;
}

/** The end of what is paid for; null unless all items end together. */
export function commonPeriodEnd(subscription: Stripe.Subscription): Date | null {
  const ends = new Set(subscription.items.data.map((item) => item.current_period_end));
  const [end] = ends;
  if (end === undefined || ends.size > 1 || subscription.items.has_more) return null;
  return new Date(Math.max(end, subscription.trial_end ?? 0) * 1_000);
}
