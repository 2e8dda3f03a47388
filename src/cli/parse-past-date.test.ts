import { expect, it } from 'vitest';
import { parsePastDate } from './parse-past-date.js';

const now = new Date('2026-11-01T12:00:00Z');

it.each([
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-02-29 10:30', '2024-02-29T10:30:00.000Z'],
  ['2024-02-29T10:30:15.123456Z', '2024-02-29T10:30:15.123Z'],
  ['2024-02-29T10:30:15+02:00', '2024-02-29T08:30:15.000Z'],
  ['2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z'],
])('reads %s', (text, moment) => {
  expect(parsePastDate(text, now)?.toISOString()).toBe(moment);
});

it.each([
  '2023-02-29',
  '2024-13-01',
  '2024-1-1',
  '29.02.2024',
  '2024-01-01T25:00',
  '1969-12-31',
  '2026-11-01T12:00:01Z',
  'yesterday',
  '1700000000',
])('does not read %s', (text) => {
  expect(parsePastDate(text, now)).toBeNull();
});
