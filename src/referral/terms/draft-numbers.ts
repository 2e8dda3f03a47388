import { termsLimits, type TermsNumber } from './terms-limits.js';
import type { Problems } from './terms-problem.js';
import type { Terms } from './terms.js';

type Given = Readonly<Record<string, unknown>>;
type Days = Pick<
  Terms,
  'referrerDays' | 'referredDays' | 'holdDays' | 'attributionDays' | 'lateClaimDays' | 'refundPercent'
>;

/** The plain numbers of terms, as given or as they were. */
export function daysIn(given: Given, inForce: Terms, problems: Problems): Days {
  const of = (name: keyof Days) => {
    const value = given[name];
    return value === undefined ? inForce[name] : (wholeOf(value, name, problems) ?? 0);
  };
  return {
    referrerDays: of('referrerDays'),
    referredDays: of('referredDays'),
    holdDays: of('holdDays'),
    attributionDays: of('attributionDays'),
    lateClaimDays: of('lateClaimDays'),
    refundPercent: of('refundPercent'),
  };
}

/** The budget in days; null for none. */
export function budgetOf(given: Given, inForce: number | null, problems: Problems): number | null {
  return given.budgetDays === undefined ? inForce : nullableWhole(given.budgetDays, 'budgetDays', problems);
}

/** A whole number within its limits; null, with the problem noted, for anything else. */
export function wholeOf(value: unknown, path: TermsNumber, problems: Problems): number | null {
  const [least, most] = termsLimits[path];
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return fits ? value : problems.add(path, 'whole', { least, most });
}

/** As {@link wholeOf}, where nothing (null or missing) is an answer as well. */
export function nullableWhole(value: unknown, path: TermsNumber, problems: Problems): number | null {
  return value === null || value === undefined ? null : wholeOf(value, path, problems);
}
