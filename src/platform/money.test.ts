import { describe, expect, it } from 'vitest';
import { getTranslator } from './i18n/translations.js';
import { moneyProblemText } from './money-problem-text.js';
import { currencyDecimals, formatDecimal, formatMoney, parseMoney } from './money.js';

const currencies = Intl.supportedValuesOf('currency').map((code) => code.toLowerCase());
const locales = ['en', 'de', 'de-CH', 'fr'];
const spaces = (text: string) => text.replace(/\s/g, ' ');

describe('money', () => {
  it('money has the decimals of Stripe’s table, whatever the platform believes', () => {
    const count = (decimals: number) =>
      currencies.filter((one) => currencyDecimals(one) === decimals).join(' ');
    expect(count(0)).toBe('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf');
    expect(count(3)).toBe('bhd jod kwd omr tnd');
    expect(['isk', 'ugx', 'huf', 'twd', 'idr', 'cop', 'LBP', 'Eur'].map(currencyDecimals)).toEqual(
      Array(8).fill(2),
    );
  });

  it.each([
    [399_000, 'huf', 'HUF 3,990', '3.990 HUF'],
    [399_050, 'huf', 'HUF 3,990.50', '3.990,50 HUF'],
    [9_900_000, 'idr', 'IDR 99,000', '99.000 IDR'],
    [50_000, 'isk', 'ISK 500', '500 ISK'],
    [50_000, 'ugx', 'UGX 500', '500 UGX'],
    [500, 'jpy', '¥500', '500 ¥'],
    [1_500, 'kwd', 'KWD 1.500', '1,500 KWD'],
    [450, 'EUR', '€4.50', '4,50 €'],
    [-450, 'usd', '-$4.50', '-4,50 $'],
    [0, 'usd', '$0.00', '0,00 $'],
    [33.4, 'usd', '$0.33', '0,33 $'],
    [1_234, 'usdc', '12.34 USDC', '12.34 USDC'],
  ])('money shows %p %s as %s in English and %s in German', (amount, currency, english, german) => {
    expect(spaces(formatMoney({ amount, currency }))).toBe(english);
    expect(spaces(formatMoney({ amount, currency }, 'de'))).toBe(german);
  });

  it('money is read back as the same amount from a form and from what any language shows, in every currency', () => {
    for (const currency of currencies)
      for (const amount of [0, 1, 7, 99, 100, 399_000, 123_456_789, 999_999_999_999]) {
        const money = { amount, currency };
        expect([currency, parseMoney(formatDecimal(money), currency).amount]).toEqual([currency, amount]);
        for (const locale of locales) {
          const shown = formatMoney(money, locale);
          const typed = shown.slice(shown.search(/\d/)).replace(/[^\d]+$/, '');
          expect([shown, parseMoney(typed, currency).amount]).toEqual([shown, amount]);
        }
      }
  });

  it.each([
    ['4.00', 'eur', 400],
    ['4,00', 'eur', 400],
    ['4', 'eur', 400],
    ['4.5', 'eur', 450],
    ['1,234.50', 'usd', 123_450],
    ['1.234,50', 'usd', 123_450],
    ['1 234,50', 'usd', 123_450],
    ['1’234.50', 'chf', 123_450],
    ['1,234,567', 'eur', 123_456_700],
    ['500', 'jpy', 500],
    ['500.00', 'jpy', 500],
    ['1,500', 'jpy', 1_500],
    ['3.990', 'huf', 399_000],
    ['1.500', 'kwd', 1_500],
    ['1,5', 'kwd', 1_500],
    ['4 €', 'eur', 400],
    ['€4.00', 'eur', 400],
    ['4,00 eur', 'eur', 400],
    ['EUR 4', 'eur', 400],
    ['CA$4', 'cad', 400],
  ])('money reads %p %s as %p', (text, currency, amount) =>
    expect(parseMoney(text, currency)).toEqual({ amount, problem: null }),
  );

  it.each([
    ['', 'eur', 'no_amount'],
    ['x', 'eur', 'no_amount'],
    ['-4', 'eur', 'no_amount'],
    ['+4', 'eur', 'no_amount'],
    ['1e3', 'eur', 'no_amount'],
    ['0x10', 'eur', 'no_amount'],
    ['4,0,0', 'eur', 'no_amount'],
    ['1,23,456', 'eur', 'no_amount'],
    ['1,234,50', 'eur', 'no_amount'],
    ['4.', 'eur', 'no_amount'],
    ['.5', 'eur', 'no_amount'],
    ['4 apples', 'eur', 'no_amount'],
    ['1.234', 'eur', 'two_readings'],
    ['1,234', 'usd', 'two_readings'],
    ['4.005', 'eur', 'two_readings'],
    ['€1.234', 'eur', 'two_readings'],
    ['0.001', 'eur', 'decimals'],
    ['4.0005', 'eur', 'decimals'],
    ['500.5', 'jpy', 'decimals'],
    ['1.5001', 'kwd', 'decimals'],
    ['$4', 'eur', 'other_currency'],
    ['$4', 'cad', 'other_currency'],
    ['4 USD', 'eur', 'other_currency'],
    ['9'.repeat(20), 'eur', 'too_large'],
    ['9'.repeat(400), 'eur', 'too_large'],
  ])('money does not guess at %p %s: %s', (text, currency, problem) =>
    expect(parseMoney(text, currency)).toEqual({ amount: null, problem }),
  );

  it.each([
    [
      '1.234',
      'eur',
      'en',
      '“1.234” can be read in two ways. For €1,234.00 type 1234.00. Otherwise type at most 2 decimals, such as 4.00 EUR.',
    ],
    [
      '1.234',
      'eur',
      'de',
      '„1.234“ kann man auf zwei Arten lesen. Für 1.234,00 € geben Sie 1234,00 ein, sonst höchstens 2 Nachkommastellen, zum Beispiel 4,00 EUR.',
    ],
    ['500.5', 'jpy', 'en', 'An amount in JPY has no decimals. Enter an amount such as 4 JPY.'],
    ['1.5001', 'kwd', 'en', 'An amount in KWD has at most 3 decimals. Enter an amount such as 4.000 KWD.'],
  ])('says what is wrong with %p %s in %s', (text, currency, locale, message) => {
    const { problem } = parseMoney(text, currency);
    expect(
      spaces(moneyProblemText(getTranslator(locale), { problem: problem ?? 'no_amount', text, currency })),
    ).toBe(message);
  });
});
