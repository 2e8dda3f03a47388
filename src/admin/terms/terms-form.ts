import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { currencyCodes, formatDecimal, parseMoney } from '../../platform/money.js';
import type { TermsInput, TermsDraft } from '../../referral/index.js';

/** The fields of the editor, in its order; each is named as the API names what it holds. */
export const termsFormFields = [
  'referrerDays',
  'referredDays',
  'holdDays',
  'minimumAmounts',
  'qualifyingPrices',
  'refundPercent',
  'attribution',
  'attributionDays',
  'lateClaimDays',
  'cap.conversions',
  'cap.windowDays',
  'budgetDays',
  'milestone.every',
  'milestone.days',
  'validFrom',
  'validUntil',
] as const;
/** One of {@link termsFormFields}. */
export type TermsFormField = (typeof termsFormFields)[number];
/** A field of one line or more of text. */
export type TermsTextField = Exclude<TermsFormField, 'minimumAmounts'>;

/** A minimum amount as it was typed; the currency in lower case. */
export interface MinimumAmountValues {
  currency: string;
  amount: string;
}

/**
 * The values of the editor's fields. `newMinimum` is the row for one more currency, which becomes
 * one of the others once both of its fields are right.
 */
export interface TermsFormValues extends Record<TermsTextField, string> {
  minimumAmounts: MinimumAmountValues[];
  newMinimum: MinimumAmountValues;
}

/** What the editor shows of terms. Their period is not taken over. */
export function toFormValues(terms: TermsDraft): TermsFormValues {
  return {
    referrerDays: String(terms.referrerDays),
    referredDays: String(terms.referredDays),
    holdDays: String(terms.holdDays),
    minimumAmounts: Object.entries(terms.minimumAmounts).map(([currency, amount]) => ({
      currency,
      amount: formatDecimal({ amount, currency }),
    })),
    newMinimum: { currency: '', amount: '' },
    qualifyingPrices: terms.qualifyingPrices.join('\n'),
    refundPercent: String(terms.refundPercent),
    attribution: terms.attribution,
    attributionDays: String(terms.attributionDays),
    lateClaimDays: String(terms.lateClaimDays),
    'cap.conversions': textOrNone(terms.cap?.conversions),
    'cap.windowDays': textOrNone(terms.cap?.windowDays),
    budgetDays: textOrNone(terms.budgetDays),
    'milestone.every': textOrNone(terms.milestone?.every),
    'milestone.days': textOrNone(terms.milestone?.days),
    ...{ validFrom: '', validUntil: '' },
  };
}

/** What a person wrote into the editor, as it came. */
export function readFormValues(fields: FormFields): TermsFormValues {
  const texts = Object.fromEntries(textFields.map((name) => [name, readText(fields, name)]));
  return { ...(texts as Record<TermsTextField, string>), ...readMinimumAmounts(fields) };
}

const textFields = termsFormFields.filter((name) => name !== 'minimumAmounts');
const minimumField = /^minimumAmounts\.([a-z]{3})$/;
/** More than terms may name, so that too many are refused by their rules. */
const maxMinimums = 200;

/** A row whose amount is empty is left out. */
function readMinimumAmounts(fields: FormFields): Pick<TermsFormValues, 'minimumAmounts' | 'newMinimum'> {
  const rows = Object.keys(fields)
    .flatMap((name) => minimumField.exec(name)?.[1] ?? [])
    .slice(0, maxMinimums)
    .map((currency) => ({ currency, amount: readText(fields, `minimumAmounts.${currency}`) }))
    .filter(({ amount }) => amount !== '');
  const added = {
    currency: readText(fields, 'newMinimum.currency').toLowerCase(),
    amount: readText(fields, 'newMinimum.amount'),
  };
  const isRow =
    added.amount !== '' &&
    currencyCodes.has(added.currency) &&
    rows.every(({ currency }) => currency !== added.currency);
  return isRow
    ? { minimumAmounts: [...rows, added], newMinimum: { currency: '', amount: '' } }
    : { minimumAmounts: rows, newMinimum: added };
}

function readText(fields: FormFields, name: string): string {
  return textField(fields, name).trim().slice(0, 10_000);
}

/** The fields of a form that holds these values, as names and values. */
export function toFormFields({ minimumAmounts, newMinimum, ...texts }: TermsFormValues): [string, string][] {
  return [
    ...Object.entries(texts),
    ...minimumAmounts.map(({ currency, amount }): [string, string] => [`minimumAmounts.${currency}`, amount]),
    ['newMinimum.currency', newMinimum.currency],
    ['newMinimum.amount', newMinimum.amount],
  ];
}

/**
 * The same as fields of the API. What is no number stays text, so that the rules of terms refuse it
 * beside its field.
 */
export function toTermsInput(values: TermsFormValues): TermsInput {
  return {
    referrerDays: parseNumber(values.referrerDays),
    referredDays: parseNumber(values.referredDays),
    holdDays: parseNumber(values.holdDays),
    minimumAmounts: parseAmounts(values),
    qualifyingPrices: values.qualifyingPrices.split(/[\s,;]+/).filter((price) => price !== ''),
    refundPercent: parseNumber(values.refundPercent),
    attribution: values.attribution,
    attributionDays: parseNumber(values.attributionDays),
    lateClaimDays: parseNumber(values.lateClaimDays),
    cap: parseGroup({ conversions: values['cap.conversions'], windowDays: values['cap.windowDays'] }),
    budgetDays: parseNumber(values.budgetDays),
    milestone: parseGroup({ every: values['milestone.every'], days: values['milestone.days'] }),
    validFrom: toUtcDateTime(values.validFrom),
    validUntil: toUtcDateTime(values.validUntil),
  };
}

function textOrNone(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function parseNumber(text: string): number | string | null {
  if (text === '') return null;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Several fields that are one thing; all empty, it is not there. */
function parseGroup(values: Record<string, string>): Record<string, unknown> | null {
  if (Object.values(values).every((text) => text === '')) return null;
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, parseNumber(text)]));
}

/**
 * By currency. That of the new row is in capitals, so that the rules of terms refuse one that is
 * there already.
 */
function parseAmounts({ minimumAmounts, newMinimum }: TermsFormValues): Record<string, unknown> {
  const isEmpty = newMinimum.currency === '' && newMinimum.amount === '';
  const added = { ...newMinimum, currency: newMinimum.currency.toUpperCase() };
  return Object.fromEntries(
    [...minimumAmounts, ...(isEmpty ? [] : [added])].map(({ currency, amount }) => [
      currency,
      parseMoney(amount, currency).amount ?? amount,
    ]),
  );
}

/** A browser's date and time has no zone; the console's times are in UTC. */
function toUtcDateTime(text: string): string | null {
  if (text === '') return null;
  return /T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text) ? `${text}Z` : text;
}

/** What servers and proxies take for an address is 8,000 characters and more. */
const longestAddress = 6_000;

/**
 * Where a draft is shown by GET, so that Back and Reload work there; null for one that is too long
 * for an address.
 */
export function draftAddress(page: 'edit' | 'preview', values: TermsFormValues): string | null {
  const written = toFormFields(values).filter(([, value]) => value !== '');
  const address = `/admin/programme/${page}?${new URLSearchParams(written).toString()}`;
  return address.length > longestAddress ? null : address;
}
