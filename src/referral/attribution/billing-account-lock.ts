import type { Tx } from '../../platform/database/tx.js';

/**
 * What linking asks of billing, which comes before users and referrals in the order of locks. Implemented by billing, bound
 * in app.module.ts.
 */
export abstract class BillingAccountLock {
  /** Locks the billing account until the transaction ends; returns whether the user has paid. */
  abstract lock(tx: Tx, userId: string): Promise<boolean>;
  /** Whether the user has paid. */
  abstract hasPaid(userId: string): Promise<boolean>;
}
