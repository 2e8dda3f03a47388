/** What the ledger must ask of whoever knows the subscriptions. Bound by the application. */
export abstract class PaidThrough {
  /** The end of the period a user has paid for, or null when nothing is paid. */
  abstract paidThrough(userId: string): Promise<Date | null>;
}
