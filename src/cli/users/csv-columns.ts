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

const startsFormula = /^[=+\-@\t\r]/;

/**
 * A cell that no spreadsheet takes for a formula: an apostrophe stands before what could begin one.
 */
export function escapeFormula(text: string): string {
  return startsFormula.test(text) ? `'${text}` : text;
}

/** A cell as it was before {@link escapeFormula}. */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") && startsFormula.test(text.slice(1)) ? text.slice(1) : text;
}
