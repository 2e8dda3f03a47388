import type { Translate } from './i18n/translations.js';
import { currencyDecimals, formatDecimal, formatMoney, type MoneyProblem } from './money.js';

/** A text that is no amount. `zero`: nothing can be done with an amount of nothing. */
export interface RefusedMoney {
  problem: MoneyProblem | 'zero';
  text: string;
  currency: string;
}

/** Why a text is no amount, and what to type instead. */
export function moneyProblemText(t: Translate, { problem, text, currency }: RefusedMoney): string {
  const whole = Number(text.replace(/\D/g, '')) * 10 ** currencyDecimals(currency);
  return t(`money.problem.${problem}`, {
    typed: text.trim().slice(0, 40),
    currency: currency.toUpperCase(),
    decimals: currencyDecimals(currency),
    example: moneyExample(t, currency),
    ...{ whole: formatMoney({ amount: whole, currency }, t.locale), plain: plainDecimal(t, whole, currency) },
  });
}

/** An amount as one may type it: "4.00 EUR". */
export function moneyExample(t: Translate, currency: string): string {
  return `${plainDecimal(t, 4 * 10 ** currencyDecimals(currency), currency)} ${currency.toUpperCase()}`;
}

/** An amount as the language writes it, without groups of thousands: "1234,00". */
function plainDecimal({ locale }: Translate, amount: number, currency: string): string {
  const digits = currencyDecimals(currency);
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(formatDecimal({ amount, currency }));
}
