import { after, dayMs } from '../platform/durations.js';

/** What a user is: free, or paid by a subscription. */
export type Tier = 'free' | 'paid';

/** How long a subscription may be past due before it stops making its user paid. */
export const pastDueGraceMs = 7 * dayMs;

/**
 * What the tier is folded from. `paidUntil` is the end of the latest period that a real payment covers,
 * `deferredUntil` where credit has put the next charge off to.
 */
export interface Standing {
  status: string;
  makesPaid: boolean;
  currentPeriodStart: Date | null;
  currentPeriodEnd: Date | null;
  endedAt: Date | null;
  paidUntil: Date | null;
  deferredUntil: Date | null;
}

/** The tier of a user, when it ends by itself (null: not by itself), and until when access is paid for. */
export interface TierState {
  tier: Tier;
  tierExpiresAt: Date | null;
  paidThrough: Date | null;
}

/**
 * Folds all subscriptions of a user. Active ones pay until told otherwise; past due ones for a grace period;
 * trialing and incomplete ones only as long as money has been paid for.
 */
export function tierOf(subscriptions: readonly Standing[], now: Date): TierState {
  const paying = subscriptions
    .map(paysUntil)
    .filter((until) => until === 'open' || (until !== null && until > now));
  const paidThrough = maximum(subscriptions.flatMap((own) => paidThroughOf(own) ?? []));
  if (paying.length === 0) return { tier: 'free', tierExpiresAt: null, paidThrough };
  const ends = paying.flatMap((until) => (until instanceof Date ? until : []));
  return { tier: 'paid', tierExpiresAt: ends.length < paying.length ? null : maximum(ends), paidThrough };
}

/** Until when one subscription makes its user paid: `open` while nothing ends it, null when it does not. */
function paysUntil(own: Standing): Date | 'open' | null {
  if (own.endedAt !== null || !own.makesPaid) return null;
  switch (own.status) {
    case 'active':
      return 'open';
    case 'past_due':
      return own.currentPeriodStart === null ? null : after(own.currentPeriodStart, pastDueGraceMs);
    case 'trialing':
      return maximum([own.paidUntil, own.deferredUntil]);
    case 'incomplete':
      return maximum([own.paidUntil, own.deferredUntil]);
    default:
      return null; // canceled, unpaid, paused, expired, and whatever Stripe may add
  }
}

function paidThroughOf(own: Standing): Date | null {
  const until = paysUntil(own);
  // a payment may be told before the snapshot of its period
  return until === 'open' ? maximum([own.currentPeriodEnd, own.paidUntil, own.deferredUntil]) : until;
}

function maximum(moments: (Date | null)[]): Date | null {
  const known = moments.flatMap((moment) => moment?.getTime() ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known));
}
