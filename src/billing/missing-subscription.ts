import type { SubscriptionSnapshot } from './facts.js';
import type { StoredSubscription } from './subscriptions.js';

/**
 * What is left of a living subscription that Stripe no longer has: nothing charges it again, and what was paid for stays until
 * it is over; then it has ended. Null when that is known already.
 */
export function withoutStripe(known: StoredSubscription, now: Date): SubscriptionSnapshot | null {
  const paidFor = [known.paidUntil, known.deferredUntil].filter((end) => end !== null && end > now);
  const isOver = paidFor.length === 0;
  if (!isOver && known.status === 'active' && known.cancelAtPeriodEnd && known.collectionVoided) return null;
  const { id, priceId, makesPaid, currentPeriodStart, currentPeriodEnd, cancelAt } = known;
  return {
    id,
    customerId: null,
    userIdInMetadata: null,
    status: isOver ? 'canceled' : 'active',
    priceId,
    makesPaid,
    currentPeriodStart,
    currentPeriodEnd,
    cancelAt,
    cancelAtPeriodEnd: true,
    collectionVoided: true,
    endedAt: isOver ? now : null,
  };
}
