import { enqueueWrite, type Tx } from '../../platform/database/tx.js';

/**
 * Payments before invoices before customers before subscriptions: what names another is locked
 * before it.
 */
const lockOrder = ['ch_', 'py_', 'pi_', 'in_', 'cus_', 'sub_'];

/**
 * Takes the advisory locks of Stripe ids, always in one order. An event that waits for a mapping
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
  const rank = lockOrder.findIndex((prefix) => id.startsWith(prefix));
  return rank === -1 ? lockOrder.length : rank;
}
