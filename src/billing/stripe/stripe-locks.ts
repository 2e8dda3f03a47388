import { enqueueWrite, type Tx } from '../../platform/database/tx.js';

/**
 * Refunds and payments before invoices before customers before subscriptions: what names another is
 * locked before it. At other processors payments stand where invoices do.
 */
const lockOrder: readonly RegExp[] = [
  /^ch_|^[^:]+:(refund|dispute):/,
  /^py_/,
  /^pi_/,
  /^in_|^[^:]+:payment:/,
  /^person::/,
  /^cus_|^[^:]+:customer:/,
  /^sub_|^[^:]+:subscription:/,
];

/**
 * Takes the advisory locks of ids at Stripe or another processor, and of people of the host, always
 * in one order. An event that waits for a mapping
 * and the event that stores it both hold the lock of the id, so neither can miss the other. Null
 * ids are left out.
 * Idempotent: a lock that is held is held once more, at no cost. A caller that finds an id only
 * under the lock of another may call this a second time, as long as the new id ranks behind (a
 * payment leads to its invoice, never the other way round).
 */
export function lockStripeIds(tx: Tx, stripeIds: readonly (string | null | undefined)[]): void {
  const ids = [...new Set(stripeIds.filter((id) => typeof id === 'string'))].sort(compareLockOrder);
  // what follows waits for it in the database
  if (ids.length > 0) enqueueWrite(tx, `SELECT billing.lock_stripe_ids($1)`, [ids]);
}

function compareLockOrder(one: string, other: string): number {
  return rankOf(one) - rankOf(other) || (one < other ? -1 : 1);
}

function rankOf(id: string): number {
  const rank = lockOrder.findIndex((pattern) => pattern.test(id));
  return rank === -1 ? lockOrder.length : rank;
}
