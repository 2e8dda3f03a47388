import type { Tx } from '../platform/database/tx.js';

/** What auth asks of billing: it comes before referrals in the order of locks. Bound by the application. */
export abstract class PaymentLock {
  /** Locks the billing account of `userId` until the transaction ends. */
  abstract lock(tx: Tx, userId: string): Promise<unknown>;
}
