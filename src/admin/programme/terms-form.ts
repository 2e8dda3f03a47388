import { textOf, type Fields } from '../../platform/http/form-fields.js';
import { decimalText, parseMoney } from '../../platform/money.js';
import type { GivenTerms, TermsDraft } from '../../referral/index.js';

/** The fields of the editor, in its order; each is named as the API names what it holds. */
export const termsInputs = [
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
/** One of {@link termsInputs}. */
export type TermsInput = (typeof termsInputs)[number];
/** What stands in the fields of the editor. */
export type TermsTexts = Record<TermsInput, string>;

/** What the editor shows of terms. Their period is not taken over. */
export function textsOf(terms: TermsDraft): TermsTexts {
  return {
    referrerDays: String(terms.referrerDays),
    referredDays: String(terms.referredDays),
    holdDays: String(terms.holdDays),
    minimumAmounts: Object.entries(terms.minimumAmounts)
      .map(([currency, amount]) => `${currency.toUpperCase()} ${decimalText({ amount, currency })}`)
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

/** What somebody wrote into the editor, as it came. */
export function textsIn(fields: Fields): TermsTexts {
  return Object.fromEntries(
    termsInputs.map((name) => [name, textOf(fields, name).trim().slice(0, 10_000)]),
  ) as TermsTexts;
}

/** The same as fields of the API. What is no number stays text, so that the rules of terms refuse it beside its field. */
export function givenBy(texts: TermsTexts): GivenTerms {
  return {
    referrerDays: number(texts.referrerDays),
    referredDays: number(texts.referredDays),
    holdDays: number(texts.holdDays),
    minimumAmounts: amounts(texts.minimumAmounts),
    qualifyingPrices: texts.qualifyingPrices.split(/[\s,;]+/).filter((price) => price !== ''),
    refundPercent: number(texts.refundPercent),
    attribution: texts.attribution,
    attributionDays: number(texts.attributionDays),
    lateClaimDays: number(texts.lateClaimDays),
    cap: together({ conversions: texts['cap.conversions'], windowDays: texts['cap.windowDays'] }),
    budgetDays: number(texts.budgetDays),
    milestone: together({ every: texts['milestone.every'], days: texts['milestone.days'] }),
    validFrom: moment(texts.validFrom),
    validUntil: moment(texts.validUntil),
  };
}

function textOrNone(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function number(text: string): number | string | null {
  if (text === '') return null;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Several fields that are one thing; all empty, it is not there. */
function together(texts: Record<string, string>): Record<string, unknown> | null {
  if (Object.values(texts).every((text) => text === '')) return null;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, number(text)]));
}

/** One currency a line: "EUR 5.00" or "5,00 EUR". A line that is neither stands for a currency that there is not. */
function amounts(text: string): Record<string, unknown> {
  const lines = text.split(/[\n;]+/).map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== '')
      .map((line) => {
        const [, before = '', text, behind = ''] = /^([a-z]*)[\s:=]*(\d.*?)\s*([a-z]*)$/i.exec(line) ?? [];
        const currency = before || behind;
        return text === undefined ? [line, 0] : [currency || line, parseMoney(text, currency)];
      }),
  );
}

/** A browser's date and time has no zone; the console's times are in UTC. */
function moment(text: string): string | null {
  if (text === '') return null;
  return /T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text) ? `${text}Z` : text;
}
