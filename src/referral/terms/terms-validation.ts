/** What can be wrong with a field of terms; `terms.problem.*` of the locales says it in words. */
export type TermsProblemCode =
  | 'whole_number'
  | 'no_reward'
  | 'amounts'
  | 'currency'
  | 'amount'
  | 'amount_unclear'
  | 'prices'
  | 'price'
  | 'attribution'
  | 'cap'
  | 'milestone'
  | 'budget'
  | 'date_time'
  | 'in_the_past'
  | 'too_far_ahead'
  | 'end_before_start'
  | 'reason';

/**
 * One field that is not right. `path` is its name in the API; `details` are what the message needs.
 */
export interface TermsProblem {
  path: string;
  code: TermsProblemCode;
  details: Record<string, string | number>;
}

/** Collects what is wrong, field by field, so that all of it can be reported at once. */
export class ProblemCollector {
  readonly problems: TermsProblem[] = [];

  /** Records a problem. Answers null in place of a value that cannot be used. */
  add(path: string, code: TermsProblemCode, details: TermsProblem['details'] = {}): null {
    this.problems.push({ path, code, details });
    return null;
  }

  /** Whether the field at `path` is wrong. */
  has(path: TermsNumber): boolean {
    return this.problems.some((one) => one.path === path);
  }
}

/**
 * From where to where the whole numbers of terms may go; the CHECKs of referral.terms hold the same
 * or more.
 */
export const termsLimits = {
  referrerDays: [0, 3650],
  referredDays: [0, 3650],
  holdDays: [0, 90],
  attributionDays: [1, 365],
  lateClaimDays: [0, 365],
  refundPercent: [1, 100],
  'cap.conversions': [1, 1_000_000],
  'cap.windowDays': [1, 3650],
  budgetDays: [1, 100_000_000],
  'milestone.every': [1, 10_000],
  'milestone.days': [1, 3650],
} as const satisfies Record<string, readonly [least: number, most: number]>;

/** A whole number among the terms, by its name in the API. */
export type TermsNumber = keyof typeof termsLimits;

/**
 * The largest minimum amount, in the smallest unit: what Stripe charges at once in any currency.
 */
export const largestAmount = 999_999_999_999;
/** How many prices or currencies one version may name. */
export const maxNamed = 100;
/** How far ahead terms may be planned, in days. */
export const maxDaysAhead = 3650;
