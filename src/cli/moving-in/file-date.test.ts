import { expect, it } from 'vitest';
import { parseFileDate } from './file-date.js';

const now = new Date('2026-11-01T12:00:00Z');
const read = (text: string) => parseFileDate(text, now)?.toISOString() ?? null;

it.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31 12:00:00 UTC', '2026-01-31T12:00:00.000Z'],
  ['46053', '2026-01-31T00:00:00.000Z'],
  ['46053.5', '2026-01-31T12:00:00.000Z'],
  ['31.1.2026', '2026-01-31T00:00:00.000Z'],
  ['5.6.2026 07:08', '2026-06-05T07:08:00.000Z'],
  ['1/31/2026 12:05 AM', '2026-01-31T00:05:00.000Z'],
  ['1/31/2026, 1:05:09 PM', '2026-01-31T13:05:09.000Z'],
  ['31/01/2026 23:59', '2026-01-31T23:59:00.000Z'],
  ['5/5/2026', '2026-05-05T00:00:00.000Z'],
])('a date is read as spreadsheets and tools write it: %s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

it.each([
  '5/6/2026',
  '05-06-2026',
  '31.13.2026',
  '30.02.2026',
  '13/13/2026',
  '2027-01-01',
  '79999',
  '12',
  'soon',
  '',
])('no date is guessed: %s', (text) => {
  expect(read(text)).toBeNull();
});
