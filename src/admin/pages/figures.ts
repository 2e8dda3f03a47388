import type { Words } from '../../platform/locale/words.js';

/** A figure as the language groups it: "12,345". */
export function figureText({ locale }: Words, figure: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(figure);
}
