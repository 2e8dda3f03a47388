import type { Queryable } from '../platform/database/tx.js';

/** What the ledger must ask of whoever knows the subscriptions. Bound by the application. */
export abstract class PaidThrough {
  /** The end of the period a user has paid for, or null when nothing is paid. `db`: the transaction to ask in. */
  abstract paidThrough(userId: string, db?: Queryable): Promise<Date | null>;
}
