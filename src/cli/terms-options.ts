import { readFileSync } from 'node:fs';
import { parseMoney } from '../platform/money.js';
import { termsFields } from '../referral/index.js';
import { UsageError } from './command-context.js';

/** What `terms preview` and `terms publish` take: a file, and options that go before what it says. */
export interface TermsOptions {
  file?: string;
  referrerDays?: number;
  referredDays?: number;
  holdDays?: number;
  minimum?: string[];
  price?: string[];
  attribution?: string;
  attributionDays?: number;
  lateClaimDays?: number;
  cap?: string;
  budgetDays?: string;
  milestone?: string;
  refundPercent?: number;
  validFrom?: string;
  validUntil?: string;
}

/** The fields of terms that were given, by the names of the API. Errors: {@link UsageError} for a file that is none. */
export function termsFromOptions(options: TermsOptions): Record<string, unknown> {
  const given: Record<string, unknown> = options.file === undefined ? {} : readTermsFile(options.file);
  const { minimum, price, cap, budgetDays, milestone } = options;
  for (const name of termsFields) {
    const value = options[name as keyof TermsOptions];
    if (value !== undefined) given[name] = value;
  }
  if (minimum !== undefined)
    given.minimumAmounts = isNone(minimum) ? {} : Object.fromEntries(minimum.map(parseAmount));
  if (price !== undefined) given.qualifyingPrices = isNone(price) ? [] : price;
  if (cap !== undefined) given.cap = parsePair(cap, 'conversions', 'windowDays');
  if (budgetDays !== undefined) given.budgetDays = budgetDays === 'none' ? null : Number(budgetDays);
  if (milestone !== undefined) given.milestone = parsePair(milestone, 'every', 'days');
  return given;
}

function readTermsFile(path: string): Record<string, unknown> {
  const terms = parseJsonFile(path);
  if (typeof terms !== 'object' || terms === null || Array.isArray(terms))
    throw new UsageError(`${path} must contain a JSON object with fields of terms.`);
  const unknown = Object.keys(terms).filter((name) => !termsFields.some((field) => field === name));
  if (unknown.length === 0) return { ...terms };
  throw new UsageError(
    `${path} has unknown fields: ${unknown.join(', ')}. Known fields are ${termsFields.join(', ')}.`,
  );
}

function parseJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

function isNone(values: string[]): boolean {
  return values.length === 1 && values[0] === 'none';
}

/** `EUR=5.00` as an entry in the minor unit; what is no amount is left to the rules of terms to refuse. */
function parseAmount(text: string): [string, number | null] {
  const [currency = '', value = ''] = text.split('=');
  return [currency, parseMoney(value, currency)];
}

/** `5/30` as two named numbers, `5` as the first and null, `none` as null. */
function parsePair(text: string, one: string, other: string): Record<string, number | null> | null {
  if (text === 'none') return null;
  const [first, second] = text.split('/');
  return { [one]: Number(first), [other]: second === undefined ? null : Number(second) };
}
