import { addMs, dayMs } from '../../platform/durations.js';
import { parseIsoDateTime } from '../../platform/iso-date-time.js';
import {
  maxDaysAhead,
  termsLimits,
  ProblemCollector,
  type TermsProblem,
  largestAmount,
  maxNamed,
  type TermsNumber,
} from './terms-validation.js';
import type { Cap, Milestone, Terms } from './terms.js';
import { currencyCodes, formatDecimal, parseMoney } from '../../platform/money.js';

/** Terms that are not published yet, and so have no number. */
export type TermsDraft = Omit<Terms, 'version'>;

/**
 * Fields of terms as a person gave them, in the names and units of {@link Terms}; what is missing
 * stays as it is.
 */
export type TermsInput = Readonly<Record<string, unknown>>;

/** A draft, or all that is wrong with it. */
export type ValidatedDraft =
  { draft: TermsDraft; problems: readonly [] } | { draft: null; problems: readonly TermsProblem[] };

/**
 * The terms that `input` makes of those in force. A period is not taken over: a draft begins at
 * once and has no end unless it says so. `validFrom` and `validUntil` are ISO 8601 (a date alone is
 * midnight in UTC), or null for none.
 */
export function validateDraft(input: TermsInput, inForce: Terms, now: Date): ValidatedDraft {
  const problemCollector = new ProblemCollector();
  const cap = parseCap(input, inForce.cap, problemCollector);
  const milestone = parseMilestone(input, inForce.milestone, problemCollector);
  const draft: TermsDraft = {
    ...parseDayFields(input, inForce, problemCollector),
    minimumAmounts: parseMinimumAmounts(input, inForce.minimumAmounts, problemCollector),
    qualifyingPrices: parseQualifyingPrices(input, inForce.qualifyingPrices, problemCollector),
    attribution: parseAttribution(input, inForce.attribution, problemCollector),
    ...{ cap, milestone },
    budgetDays: parseBudget(input, inForce.budgetDays, problemCollector),
    ...parsePeriod(input, now, problemCollector),
  };
  checkTotals(draft, problemCollector);
  return problemCollector.problems.length === 0
    ? { draft, problems: [] }
    : { draft: null, problems: problemCollector.problems };
}

function parseCap(input: TermsInput, inForce: Cap | null, problemCollector: ProblemCollector): Cap | null {
  const cap = input.cap === undefined ? inForce : input.cap;
  if (cap === null) return null;
  const fields = asRecord(cap);
  if (fields === null || !hasOnlyKeys(fields, ['conversions', 'windowDays']))
    return problemCollector.add('cap', 'cap');
  const conversions = parseWholeNumber(fields.conversions, 'cap.conversions', problemCollector);
  const windowDays = parseOptionalWholeNumber(fields.windowDays, 'cap.windowDays', problemCollector);
  return { conversions, windowDays };
}

function parseMilestone(
  input: TermsInput,
  inForce: Milestone | null,
  problemCollector: ProblemCollector,
): Milestone | null {
  const milestone = input.milestone === undefined ? inForce : input.milestone;
  if (milestone === null) return null;
  const fields = asRecord(milestone);
  if (fields === null || !hasOnlyKeys(fields, ['every', 'days']))
    return problemCollector.add('milestone', 'milestone');
  const every = parseWholeNumber(fields.every, 'milestone.every', problemCollector);
  const days = parseWholeNumber(fields.days, 'milestone.days', problemCollector);
  return { every, days };
}

function parsePeriod(
  input: TermsInput,
  now: Date,
  problemCollector: ProblemCollector,
): Pick<Terms, 'validFrom' | 'validUntil'> {
  const validFrom = parseDateTime(input, 'validFrom', problemCollector) ?? now;
  const validUntil = parseDateTime(input, 'validUntil', problemCollector);
  if (validFrom < now) problemCollector.add('validFrom', 'in_the_past');
  const farthest = addMs(now, maxDaysAhead * dayMs);
  if (validFrom > farthest) problemCollector.add('validFrom', 'too_far_ahead', { days: maxDaysAhead });
  if (validUntil !== null && validUntil <= validFrom) problemCollector.add('validUntil', 'end_before_start');
  return { validFrom, validUntil };
}

function parseDateTime(
  input: TermsInput,
  path: 'validFrom' | 'validUntil',
  problemCollector: ProblemCollector,
): Date | null {
  const text = input[path] ?? null;
  if (text === null) return null;
  const time = typeof text === 'string' ? parseIsoDateTime(text) : null;
  return time ?? problemCollector.add(path, 'date_time');
}

function checkTotals(
  { referrerDays, referredDays, budgetDays }: TermsDraft,
  problemCollector: ProblemCollector,
): void {
  if (problemCollector.has('referrerDays') || problemCollector.has('referredDays')) return;
  const reward = referrerDays + referredDays;
  if (reward === 0) problemCollector.add('referredDays', 'no_reward');
  if (budgetDays !== null && budgetDays >= termsLimits.budgetDays[0] && budgetDays < reward)
    problemCollector.add('budgetDays', 'budget', { days: reward });
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown> | null)
    : null;
}

function hasOnlyKeys(fields: Record<string, unknown>, names: readonly string[]): boolean {
  return Object.keys(fields).every((name) => names.includes(name));
}

type ChoiceInput = Readonly<Record<string, unknown>>;

const priceIdPattern = /^[A-Za-z0-9_-]{1,255}$/;

/** Minimum amounts by currency, in lower case, as given or as they were. */
function parseMinimumAmounts(
  input: ChoiceInput,
  inForce: Terms['minimumAmounts'],
  problemCollector: ProblemCollector,
): Terms['minimumAmounts'] {
  const value = input.minimumAmounts;
  if (value === undefined) return inForce;
  const amounts = asRecord(value);
  if (amounts === null) {
    problemCollector.add('minimumAmounts', 'amounts');
    return inForce;
  }
  const entries = Object.entries(amounts).map(
    ([currency, amount]) => [currency.toLowerCase(), amount] as const,
  );
  if (entries.length > maxNamed) problemCollector.add('minimumAmounts', 'amounts');
  for (const [currency, amount] of entries) checkAmount(currency, amount, problemCollector);
  if (new Set(entries.map(([currency]) => currency)).size < entries.length)
    problemCollector.add('minimumAmounts', 'amounts');
  return Object.fromEntries(entries.sort()) as Record<string, number>;
}

function checkAmount(currency: string, amount: unknown, problemCollector: ProblemCollector): void {
  if (!currencyCodes.has(currency))
    problemCollector.add('minimumAmounts', 'currency', { currency: currency.slice(0, 20) });
  else if (typeof amount === 'string' && parseMoney(amount, currency).problem === 'two_readings')
    problemCollector.add('minimumAmounts', 'amount_unclear', {
      typed: amount.slice(0, 40),
      currency: currency.toUpperCase(),
    });
  else if (!isWholeNumber(amount, [1, largestAmount]))
    problemCollector.add('minimumAmounts', 'amount', {
      currency: currency.toUpperCase(),
      least: formatDecimal({ amount: 1, currency }),
      most: formatDecimal({ amount: largestAmount, currency }),
    });
}

/** The price ids that count, sorted and each once, as given or as they were. */
function parseQualifyingPrices(
  input: ChoiceInput,
  inForce: readonly string[],
  problemCollector: ProblemCollector,
): readonly string[] {
  const value = input.qualifyingPrices;
  if (value === undefined) return inForce;
  if (!Array.isArray(value) || value.length > maxNamed) {
    problemCollector.add('qualifyingPrices', 'prices', { most: maxNamed });
    return inForce;
  }
  const wrong: unknown = value.find(
    (price: unknown) => typeof price !== 'string' || !priceIdPattern.test(price),
  );
  if (wrong !== undefined)
    problemCollector.add('qualifyingPrices', 'price', { price: String(wrong).slice(0, 60) });
  return [...new Set(value as string[])].sort();
}

/** Which link counts where a person followed several, as given or as it was. */
function parseAttribution(
  input: ChoiceInput,
  inForce: Terms['attribution'],
  problemCollector: ProblemCollector,
): Terms['attribution'] {
  const value = input.attribution;
  if (value === undefined) return inForce;
  if (value === 'first_touch' || value === 'last_touch') return value;
  problemCollector.add('attribution', 'attribution');
  return inForce;
}

type NumberInput = Readonly<Record<string, unknown>>;
type DayFields = Pick<
  Terms,
  'referrerDays' | 'referredDays' | 'holdDays' | 'attributionDays' | 'lateClaimDays' | 'refundPercent'
>;

/** The plain numbers of terms, as given or as they were. */
function parseDayFields(input: NumberInput, inForce: Terms, problemCollector: ProblemCollector): DayFields {
  const parse = (name: keyof DayFields) => {
    const value = input[name];
    return value === undefined ? inForce[name] : parseWholeNumber(value, name, problemCollector);
  };
  return {
    referrerDays: parse('referrerDays'),
    referredDays: parse('referredDays'),
    holdDays: parse('holdDays'),
    attributionDays: parse('attributionDays'),
    lateClaimDays: parse('lateClaimDays'),
    refundPercent: parse('refundPercent'),
  };
}

/** The budget in days; null for none. */
function parseBudget(
  input: NumberInput,
  inForce: number | null,
  problemCollector: ProblemCollector,
): number | null {
  return input.budgetDays === undefined
    ? inForce
    : parseOptionalWholeNumber(input.budgetDays, 'budgetDays', problemCollector);
}

/** A whole number within its limits; 0, with the problem added, for anything else. */
function parseWholeNumber(value: unknown, path: TermsNumber, problemCollector: ProblemCollector): number {
  const [least, most] = termsLimits[path];
  if (isWholeNumber(value, [least, most])) return value;
  problemCollector.add(path, 'whole_number', { least, most });
  return 0;
}

function isWholeNumber(value: unknown, [least, most]: readonly [number, number]): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** As {@link parseWholeNumber}, where nothing (null or missing) is an answer as well. */
function parseOptionalWholeNumber(
  value: unknown,
  path: TermsNumber,
  problemCollector: ProblemCollector,
): number | null {
  return value === null || value === undefined ? null : parseWholeNumber(value, path, problemCollector);
}
