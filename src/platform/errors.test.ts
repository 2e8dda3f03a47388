import { expect, it } from 'vitest';
import { DomainError, errorTable, errorText, errorTitle, type ErrorCode } from './errors.js';
import { getTranslator, translations } from './i18n/translations.js';

const codes = Object.keys(errorTable) as ErrorCode[];

it('every code has a title in every language, in English the one of the API', () => {
  for (const code of codes) expect(errorTitle(getTranslator('en'), code)).toBe(errorTable[code].title);
  for (const locale of translations.locales)
    expect(codes.filter((code) => errorTitle(getTranslator(locale), code).startsWith('problem.'))).toEqual(
      [],
    );
});

it('people read the sentence of an error in their language, programs in English', () => {
  const money = { amount: 1234, currency: 'eur' };
  const error = new DomainError('billing.nothing_left', {
    text: { key: 'console.refund.nothingLeft', values: { money } },
  });
  expect(error.message).toBe('Only €12.34 of this payment can still become credit.');
  expect(errorText(getTranslator('de'), error)).toMatch(/^Nur 12,34\s€ dieser Zahlung/);
  expect(errorText(getTranslator('de'), new DomainError('request.not_found'))).toBe('Nicht gefunden');
});
