import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { formatDecimal, parseMoney } from '../../platform/money.js';
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
/** The values of the editor's fields. */
export type TermsFormValues = Record<TermsFormField, string>;

/** What the editor shows of terms. Their period is not taken over. */
export function toFormValues(terms: TermsDraft): TermsFormValues {
  return {
    referrerDays: String(terms.referrerDays),
    referredDays: String(terms.referredDays),
    holdDays: String(terms.holdDays),
    minimumAmounts: Object.entries(terms.minimumAmounts)
      .map(([currency, amount]) => `${currency.toUpperCase()} ${formatDecimal({ amount, currency })}`)
      .join('\n'),
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
  return Object.fromEntries(
    termsFormFields.map((name) => [name, textField(fields, name).trim().slice(0, 10_000)]),
  ) as TermsFormValues;
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
    minimumAmounts: parseAmounts(values.minimumAmounts),
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
 * One currency a line: "EUR 5.00" or "5,00 EUR". A line that is neither stands for a currency that
 * there is not.
 */
function parseAmounts(text: string): Record<string, unknown> {
  const lines = text.split(/[\n;]+/).map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== '')
      .map((line) => {
        const [, before = '', text, after = ''] = /^([a-z]*)[\s:=]*(\d.*?)\s*([a-z]*)$/i.exec(line) ?? [];
        const currency = before || after;
        return text === undefined ? [line, 0] : [currency || line, parseMoney(text, currency).amount ?? text];
      }),
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
  const written = Object.entries(values).filter(([, value]) => value !== '');
  const address = `/admin/programme/${page}?${new URLSearchParams(written).toString()}`;
  return address.length > longestAddress ? null : address;
}
