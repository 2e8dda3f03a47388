import { addMs, dayMs } from '../../platform/durations.js';

/** What a user is: free, or paid by a subscription. */
export type Tier = 'free' | 'paid';

/** How long a subscription keeps its user paid after it became past due, at least. */
export const pastDueGraceMs = 7 * dayMs;

/**
 * What the tier is derived from. `paidUntil` is the end of the latest period that a real payment
 * covers, `deferredUntil` where credit has put the next charge off to. `collectionVoided`: no
 * further period will be paid for.
 */
export interface SubscriptionState {
  status: string;
  grantsPaidTier: boolean;
  currentPeriodEnd: Date | null;
  endedAt: Date | null;
  paidUntil: Date | null;
  deferredUntil: Date | null;
  pastDueSince: Date | null;
  collectionVoided: boolean;
}

/**
 * The tier of a user, when it ends by itself (null: not by itself), and until when access is paid
 * for.
 */
export interface TierState {
  tier: Tier;
  tierExpiresAt: Date | null;
  paidThrough: Date | null;
}

/**
 * Derives the tier from all subscriptions of a user. Active ones pay until an event says otherwise;
 * those without collection, trialing or incomplete as long as money has been paid for; past due
 * ones as long, and for a grace period where the user `hasPaid`.
 */
export function deriveTier(
  subscriptions: readonly SubscriptionState[],
  { now, hasPaid }: { now: Date; hasPaid: boolean },
): TierState {
  const ends = subscriptions.map((own) => ({ own, until: paidAccessUntil(own, hasPaid) }));
  const paying = ends.map(({ until }) => until).filter((until) => isInFuture(until, now));
  const paidThrough = latest(ends.map(({ own, until }) => subscriptionPaidThrough(own, until)));
  if (paying.length === 0) return { tier: 'free', tierExpiresAt: null, paidThrough };
  return { tier: 'paid', tierExpiresAt: paying.includes('open') ? null : latest(paying), paidThrough };
}

/**
 * Until when one subscription makes its user paid: `open` while nothing ends it, null when it does
 * not.
 */
function paidAccessUntil(own: SubscriptionState, hasPaid: boolean): Date | 'open' | null {
  if (own.endedAt !== null || !own.grantsPaidTier) return null;
  const paidFor = latest([own.paidUntil, own.deferredUntil]);
  switch (own.status) {
    case 'active':
      return own.collectionVoided ? paidFor : 'open';
    case 'past_due':
      return hasPaid ? latest([paidFor, graceEnd(own)]) : paidFor;
    case 'trialing':
    case 'incomplete':
      return paidFor;
  }
  return null; // canceled, unpaid, paused, expired, and whatever Stripe may add
}

function graceEnd({ pastDueSince }: SubscriptionState): Date | null {
  return pastDueSince === null ? null : addMs(pastDueSince, pastDueGraceMs);
}

function subscriptionPaidThrough(own: SubscriptionState, until: Date | 'open' | null): Date | null {
  // a payment may be reported before the snapshot of its period
  return until === 'open' ? latest([own.currentPeriodEnd, own.paidUntil, own.deferredUntil]) : until;
}

function isInFuture(until: Date | 'open' | null, now: Date): boolean {
  return until === 'open' || (until !== null && until > now);
}

/** The latest of the moments among them. */
function latest(times: (Date | 'open' | null)[]): Date | null {
  const known = times.flatMap((moment) => (moment instanceof Date ? moment.getTime() : []));
  return known.length === 0 ? null : new Date(Math.max(...known));
}
