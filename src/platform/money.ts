/**
 * An amount of money as Stripe counts it: a whole number of the currency's minor unit, and its
 * three-letter code.
 */
export interface Money {
  amount: number;
  currency: string;
}

/** The currencies that there are, in lower case. */
export const currencyCodes: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()),
);

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
 * Why a text is no amount of a currency; {@link moneyProblemText} says it in words. `two_readings`
 * is "1.234" euros.
 */
export type MoneyProblem = 'no_amount' | 'two_readings' | 'decimals' | 'other_currency' | 'too_large';
/** What a person typed, as an amount of the minor unit, or why it is none. */
export type ParsedMoney = { amount: number; problem: null } | { amount: null; problem: MoneyProblem };

const longestAmount = 40;
const typedMoney = /^([^\d\s.,'+-]*)\s*(\d(?:.*\d)?)\s*([^\d\s.,'+-]*)$/u;

/**
 * What a person typed, in units of the currency, as an amount of its minor unit: "4", "4.00",
 * "4,00", "1,234.50" and "1.234,50" in any language, also with the currency: "€4.00", "4,00 EUR".
 */
export function parseMoney(text: string, currency: string): ParsedMoney {
  const typed = text.trim().replace(/[\s’]/g, (found) => (found === '’' ? "'" : ' '));
  const [, before = '', number, after = ''] = typedMoney.exec(typed.slice(0, longestAmount)) ?? [];
  if (number === undefined) return refuse('no_amount');
  const named = before || after;
  if (named !== '' && !namesOfCurrency(currency).includes(named.toUpperCase()))
    return refuse(/^[a-z]{3}$|\p{Sc}/iu.test(named) ? 'other_currency' : 'no_amount');
  if (typed.length > longestAmount) return refuse('too_large');
  return parseNumber(number, currency);
}

function parseNumber(typed: string, currency: string): ParsedMoney {
  const customary = customaryDigits(currency);
  if (ambiguousSeparator.test(typed) && customary !== 0 && customary !== 3) return refuse('two_readings');
  const [, whole, fraction = ''] = splitNumber(typed, customary) ?? [];
  if (whole === undefined) return refuse('no_amount');
  const decimals = currencyDecimals(currency);
  const needed = fraction.replace(/0+$/, '');
  if (needed.length > decimals) return refuse('decimals');
  const amount = Number(whole.replace(/\D/g, '') + needed.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? { amount, problem: null } : refuse('too_large');
}

function refuse(problem: MoneyProblem): ParsedMoney {
  return { amount: null, problem };
}

/** The code of a currency and its symbol, where no other currency has it. */
function namesOfCurrency(currency: string): string[] {
  const code = currency.toUpperCase();
  if (!/^[A-Z]{3}$/.test(code)) return [code];
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency: code }).formatToParts(0);
  return [code, parts.find(({ type }) => type === 'currency')?.value.toUpperCase() ?? code];
}

/** The number before and behind the decimal sign. */
function splitNumber(typed: string, digits: number): [unknown, string, string | undefined] | null {
  const plain = ambiguousSeparator.test(typed) && digits === 0 ? null : plainNumber.exec(typed);
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
