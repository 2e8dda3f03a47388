import type { Terms } from './terms.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { formatMoney } from '../../platform/money.js';
import type { TermsProblem } from './terms-validation.js';

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

type FieldFormatters = { [Field in TermsField]: (value: Terms[Field], t: Translate) => string };

const days = (count: number, t: Translate) => t('terms.value.days', { days: count });

/** How each field is said. */
const fieldFormatters: FieldFormatters = {
  referrerDays: days,
  referredDays: days,
  holdDays: (value, t) => (value === 0 ? t('terms.value.noHold') : days(value, t)),
  minimumAmounts: (value, t) => {
    const amounts = Object.entries(value).map(([currency, amount]) =>
      formatMoney({ amount, currency }, t.locale),
    );
    return amounts.length === 0 ? t('terms.value.anyAmount') : amounts.join(' · ');
  },
  qualifyingPrices: (value, t) => (value.length === 0 ? t('terms.value.everyPrice') : value.join(', ')),
  attribution: (value, t) => t(value === 'first_touch' ? 'terms.value.firstTouch' : 'terms.value.lastTouch'),
  attributionDays: days,
  lateClaimDays: (value, t) => (value === 0 ? t('terms.value.noLateClaim') : days(value, t)),
  cap: (value, t) => {
    if (value === null) return t('terms.value.noCap');
    return value.windowDays === null
      ? t('terms.value.capForEver', { conversions: value.conversions })
      : t('terms.value.cap', { conversions: value.conversions, windowDays: value.windowDays });
  },
  budgetDays: (value, t) => (value === null ? t('terms.value.noBudget') : days(value, t)),
  milestone: (value, t) =>
    value === null ? t('terms.value.noMilestone') : t('terms.value.milestone', { ...value }),
  refundPercent: (value, t) => t('terms.value.percent', { percent: value }),
  validFrom: dateTimeText,
  validUntil: (value, t) => (value === null ? t('terms.value.noEndDate') : dateTimeText(value, t)),
};

/** What a field of terms is called. */
export function fieldLabel(t: Translate, field: TermsField): string {
  return t(`terms.field.${field}`);
}

/** What a version says in a field, in words. Money is shown in its currency, moments in UTC. */
export function fieldText(t: Translate, field: TermsField, value: Terms[TermsField]): string {
  // each saying takes what its own field holds
  return (fieldFormatters[field] as (own: Terms[TermsField], t: Translate) => string)(value, t);
}

/** One difference as a line: "Days for the friend: 45 days → 30 days". */
export function changeText(t: Translate, { field, before, after }: FieldChange): string {
  return `${fieldLabel(t, field)}: ${fieldText(t, field, before)} → ${fieldText(t, field, after)}`;
}

/** What is wrong with a field, and what to do. */
export function problemText(t: Translate, { code, details }: TermsProblem): string {
  return t(`terms.problem.${code}`, details);
}

function dateTimeText(at: Date, t: Translate): string {
  return new Intl.DateTimeFormat(t.locale === 'en' ? 'en-GB' : t.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
    .format(at)
    .concat(' UTC');
}
