import { expect, it } from 'vitest';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { toCsv, unescapeFormula } from './csv.js';

const cellOf = (text: string) => parse(toCsv([[text]]))[0]?.[0] ?? '';

it.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ["'=1", "''=1"],
  // where a semicolon or a tab ends a cell
  ['Anna;=1+1', "Anna;'=1+1"],
  ['a\t-b', "a\t'-b"],
  ['Anna; Bert', 'Anna; Bert'],
  ['1 - 2', '1 - 2'],
])('%j is written as %j', (text, written) => {
  expect(cellOf(text)).toBe(written);
});

it('a number is no formula', () => {
  expect(toCsv([[-12, 3.5, true, null, new Date(0)]])).toBe('-12,3.5,true,,1970-01-01T00:00:00.000Z\n');
});

it('every text is read back as it was', () => {
  const tricky = fc.string({ unit: fc.constantFrom("'", '=', '-', ';', '\t', '\r', 'a', '"', ',', '\n') });
  fc.assert(fc.property(tricky, (text) => unescapeFormula(cellOf(text)) === text));
});
