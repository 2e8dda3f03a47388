/**
 * An amount of money as Stripe counts it: a whole number of the currency's minor unit, and its
 * three-letter code.
 */
export interface Money {
  amount: number;
  currency: string;
}

const zeroDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf';
const threeDecimals = 'bhd jod kwd omr tnd';
const decimalsByCurrency = new Map<string, number>([
  ...zeroDecimals.split(' ').map((code) => [code, 0] as const),
  ...threeDecimals.split(' ').map((code) => [code, 3] as const),
]);

/**
 * How many decimals an amount of this currency has at Stripe. Neither ISO 4217 nor `Intl` says so:
 * Stripe counts HUF, IDR, COP and TWD in hundredths, and for compatibility ISK and UGX too,
 * although these have no smaller unit. Source: https://docs.stripe.com/currencies#minor-units
 * (zero-decimal, three-decimal and special cases).
 */
export function currencyDecimals(currency: string): number {
  return decimalsByCurrency.get(currency.toLowerCase()) ?? 2;
}

/**
 * Money for people: "€9.00", "HUF 3,990". A currency that people write without decimals gets some
 * only where the amount needs them. A fraction of the minor unit, as an average has it, is rounded.
 */
export function formatMoney(money: Money, locale = 'en'): string {
  const currency = money.currency.toUpperCase();
  const text = formatDecimal(money);
  if (!/^[A-Z]{3}$/.test(currency)) return `${text} ${currency}`;
  const digits = isWholeUnits(money)
    ? Math.min(currencyDecimals(currency), customaryDigits(currency))
    : currencyDecimals(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(text);
}

/**
 * The amount in units of the currency, as a field of a form holds it: "4.00". {@link parseMoney}
 * reads it back.
 */
export function formatDecimal({ amount, currency }: Money): `${number}` {
  const decimals = currencyDecimals(currency);
  const minor = BigInt(Math.round(amount));
  const digits = String(minor < 0n ? -minor : minor).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${minor < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as `${number}`;
}

const plainNumber = /^(\d+)(?:[.,](\d+))?$/;
const groupedNumber = /^([1-9]\d{0,2}(?:([.,' ])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?$/;
const ambiguousSeparator = /^[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * What a person typed, in units of the currency, as an amount of its minor unit: "4", "4.00",
 * "4,00", "1,234.50" and "1.234,50" in any language. Null for what is no amount, has more decimals
 * than the currency, or could be read in two ways, such as "1.234" euros.
 */
export function parseMoney(text: string, currency: string): number | null {
  const typed = text.trim().replace(/[\s’]/g, (found) => (found === '’' ? "'" : ' '));
  if (typed.length > 30) return null;
  const [, whole, fraction = ''] = splitNumber(typed, customaryDigits(currency)) ?? [];
  if (whole === undefined) return null;
  const decimals = currencyDecimals(currency);
  const needed = fraction.replace(/0+$/, '');
  if (needed.length > decimals) return null;
  const amount = Number(whole.replace(/\D/g, '') + needed.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}

/** The number before and behind the decimal sign. */
function splitNumber(typed: string, digits: number): [unknown, string, string | undefined] | null {
  const isUnclear = ambiguousSeparator.test(typed);
  if (isUnclear && digits !== 0 && digits !== 3) return null;
  const plain = isUnclear && digits === 0 ? null : plainNumber.exec(typed);
  if (plain !== null) return [typed, plain[1] ?? '', plain[2]];
  const grouped = groupedNumber.exec(typed);
  return grouped === null ? null : [typed, grouped[1] ?? '', grouped[3]];
}

/** With how many decimals people write amounts of this currency. */
function customaryDigits(currency: string): number {
  if (!/^[a-z]{3}$/i.test(currency)) return currencyDecimals(currency);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

function isWholeUnits({ amount, currency }: Money): boolean {
  return Math.round(amount) % 10 ** currencyDecimals(currency) === 0;
}
