/**
 * The columns of a file of users, in the order in which they are written; reading takes them in any
 * order.
 */
export const userColumns = [
  'email',
  'referral_code',
  'referred_by_code',
  'stripe_customer_id',
  'created_at',
  'first_paid_at',
] as const;

/** The name of a column. */
export type UserColumn = (typeof userColumns)[number];
