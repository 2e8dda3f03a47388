import { after, dayMs } from '../../platform/durations.js';
import { budgetOf, daysIn, nullableWhole, wholeOf } from './draft-numbers.js';
import { amountsOf, attributionOf, pricesOf } from './draft-choices.js';
import { farthestDays, termsLimits } from './terms-limits.js';
import { Problems, type TermsProblem } from './terms-problem.js';
import type { Cap, Milestone, Terms } from './terms.js';

/** Terms that are not published yet, and so have no number. */
export type TermsDraft = Omit<Terms, 'version'>;

/** Fields of terms as somebody gave them, in the names and units of {@link Terms}; what is missing stays as it is. */
export type GivenTerms = Readonly<Record<string, unknown>>;

/** A draft, or all that is wrong with it. */
export type CheckedDraft =
  { draft: TermsDraft; problems: readonly [] } | { draft: null; problems: readonly TermsProblem[] };

/**
 * The terms that `given` makes of those in force. A period is not taken over: a draft begins at once and has no end
 * unless it says so. `validFrom` and `validUntil` are ISO 8601 (a date alone is midnight in UTC), or null for none.
 */
export function draftOf(given: GivenTerms, inForce: Terms, now: Date): CheckedDraft {
  const problems = new Problems();
  const cap = capOf(given, inForce.cap, problems);
  const milestone = milestoneOf(given, inForce.milestone, problems);
  const draft: TermsDraft = {
    ...daysIn(given, inForce, problems),
    minimumAmounts: amountsOf(given, inForce.minimumAmounts, problems),
    qualifyingPrices: pricesOf(given, inForce.qualifyingPrices, problems),
    attribution: attributionOf(given, inForce.attribution, problems),
    ...{ cap, milestone },
    budgetDays: budgetOf(given, inForce.budgetDays, problems),
    ...periodOf(given, now, problems),
  };
  checkTogether(draft, problems);
  return problems.found.length === 0 ? { draft, problems: [] } : { draft: null, problems: problems.found };
}

function capOf(given: GivenTerms, inForce: Cap | null, problems: Problems): Cap | null {
  const cap = given.cap === undefined ? inForce : given.cap;
  if (cap === null) return null;
  const fields = fieldsOf(cap);
  if (fields === null || !onlyHas(fields, ['conversions', 'windowDays'])) return problems.add('cap', 'cap');
  const conversions = wholeOf(fields.conversions, 'cap.conversions', problems);
  const windowDays = nullableWhole(fields.windowDays, 'cap.windowDays', problems);
  return conversions === null ? null : { conversions, windowDays };
}

function milestoneOf(given: GivenTerms, inForce: Milestone | null, problems: Problems): Milestone | null {
  const milestone = given.milestone === undefined ? inForce : given.milestone;
  if (milestone === null) return null;
  const fields = fieldsOf(milestone);
  if (fields === null || !onlyHas(fields, ['every', 'days'])) return problems.add('milestone', 'milestone');
  const every = wholeOf(fields.every, 'milestone.every', problems);
  const days = wholeOf(fields.days, 'milestone.days', problems);
  return every === null || days === null ? null : { every, days };
}

function periodOf(given: GivenTerms, now: Date, problems: Problems): Pick<Terms, 'validFrom' | 'validUntil'> {
  const validFrom = momentOf(given, 'validFrom', problems) ?? now;
  const validUntil = momentOf(given, 'validUntil', problems);
  if (validFrom < now) problems.add('validFrom', 'past');
  const farthest = after(now, farthestDays * dayMs);
  if (validFrom > farthest) problems.add('validFrom', 'far', { days: farthestDays });
  if (validUntil !== null && validUntil <= validFrom) problems.add('validUntil', 'order');
  return { validFrom, validUntil };
}

/** Year, month and day, and a time with its zone where there is one: nothing that depends on where a machine stands. */
const isoForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function momentOf(given: GivenTerms, path: 'validFrom' | 'validUntil', problems: Problems): Date | null {
  const text = given[path] ?? null;
  if (text === null) return null;
  const moment = typeof text === 'string' && isoForm.test(text) ? new Date(text) : null;
  const isReal = moment !== null && !Number.isNaN(moment.getTime());
  if (!isReal || !daysExist(String(text))) return problems.add(path, 'moment');
  return moment;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function daysExist(iso: string): boolean {
  const day = iso.slice(0, 10);
  const moment = new Date(day);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
}

function checkTogether({ referrerDays, referredDays, budgetDays }: TermsDraft, problems: Problems): void {
  if (problems.has('referrerDays') || problems.has('referredDays')) return;
  const reward = referrerDays + referredDays;
  if (reward === 0) problems.add('referredDays', 'nobody');
  if (budgetDays !== null && budgetDays >= termsLimits.budgetDays[0] && budgetDays < reward)
    problems.add('budgetDays', 'budget', { days: reward });
}

function fieldsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function onlyHas(fields: Record<string, unknown>, names: readonly string[]): boolean {
  return Object.keys(fields).every((name) => names.includes(name));
}
