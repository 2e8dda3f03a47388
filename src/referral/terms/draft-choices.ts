import { decimalText } from '../../platform/money.js';
import { largestAmount, mostNamed } from './terms-limits.js';
import type { Problems } from './terms-problem.js';
import type { Terms } from './terms.js';

type Given = Readonly<Record<string, unknown>>;

const currencies = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));
const priceForm = /^[A-Za-z0-9_-]{1,255}$/;

/** Minimum amounts by currency, in lower case, as given or as they were. */
export function amountsOf(
  given: Given,
  inForce: Terms['minimumAmounts'],
  problems: Problems,
): Terms['minimumAmounts'] {
  const value = given.minimumAmounts;
  if (value === undefined) return inForce;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.add('minimumAmounts', 'amounts');
    return {};
  }
  const entries = Object.entries(value).map(
    ([currency, amount]) => [currency.toLowerCase(), amount] as const,
  );
  if (entries.length > mostNamed) problems.add('minimumAmounts', 'amounts');
  for (const [currency, amount] of entries) checkAmount(currency, amount, problems);
  if (new Set(entries.map(([currency]) => currency)).size < entries.length)
    problems.add('minimumAmounts', 'amounts');
  return Object.fromEntries(entries.sort()) as Record<string, number>;
}

function checkAmount(currency: string, amount: unknown, problems: Problems): void {
  if (!currencies.has(currency))
    problems.add('minimumAmounts', 'currency', { currency: currency.slice(0, 20) });
  else if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1 || amount > largestAmount)
    problems.add('minimumAmounts', 'amount', {
      currency: currency.toUpperCase(),
      least: decimalText({ amount: 1, currency }),
      most: decimalText({ amount: largestAmount, currency }),
    });
}

/** The price ids that count, sorted and each once, as given or as they were. */
export function pricesOf(given: Given, inForce: readonly string[], problems: Problems): readonly string[] {
  const value = given.qualifyingPrices;
  if (value === undefined) return inForce;
  if (!Array.isArray(value) || value.length > mostNamed) {
    problems.add('qualifyingPrices', 'prices', { most: mostNamed });
    return [];
  }
  const wrong = value.find((price) => typeof price !== 'string' || !priceForm.test(price));
  if (wrong !== undefined) problems.add('qualifyingPrices', 'price', { price: String(wrong).slice(0, 60) });
  return [...new Set(value as string[])].sort();
}

/** Which link counts where somebody followed several, as given or as it was. */
export function attributionOf(
  given: Given,
  inForce: Terms['attribution'],
  problems: Problems,
): Terms['attribution'] {
  const value = given.attribution;
  if (value === undefined) return inForce;
  if (value === 'first_touch' || value === 'last_touch') return value;
  problems.add('attribution', 'attribution');
  return inForce;
}
