import type { Translate } from '../../platform/i18n/translations.js';

/** A figure as the language groups it: "12,345". */
export function formatNumber({ locale }: Translate, value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
