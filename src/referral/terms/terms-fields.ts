import type { Terms } from './terms.js';

/** Terms without their number: what two versions can differ in. */
type Comparable = Omit<Terms, 'version'>;

/** The fields of terms in the order in which people read them. */
export const termsFields = [
  'referrerDays',
  'referredDays',
  'holdDays',
  'minimumAmounts',
  'qualifyingPrices',
  'attribution',
  'attributionDays',
  'lateClaimDays',
  'cap',
  'budgetDays',
  'milestone',
  'refundPercent',
  'validFrom',
  'validUntil',
] as const satisfies readonly (keyof Comparable)[];

/** One of {@link termsFields}. */
export type TermsField = (typeof termsFields)[number];

/** What another version says of one field. */
export interface FieldChange {
  field: TermsField;
  before: Comparable[TermsField];
  after: Comparable[TermsField];
}

/** Field by field, what `after` has otherwise than `before`. */
export function diffTerms(before: Comparable, after: Comparable): FieldChange[] {
  return termsFields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
