import { expect, it } from 'vitest';
import { parseIsoDateTime } from './iso-date-time.js';

it.each([
  ['2026-12-01', '2026-12-01T00:00:00.000Z'],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2026-12-01T09:30Z', '2026-12-01T09:30:00.000Z'],
  ['2026-12-01T09:30:15Z', '2026-12-01T09:30:15.000Z'],
  ['2026-12-01T09:30:15.5Z', '2026-12-01T09:30:15.500Z'],
  ['2026-12-01T09:30:15.123Z', '2026-12-01T09:30:15.123Z'],
  ['2026-12-01T00:30+01:00', '2026-11-30T23:30:00.000Z'],
  ['2026-12-01T20:00:00-05:00', '2026-12-02T01:00:00.000Z'],
])('%s is the moment %s', (text, moment) => {
  expect(parseIsoDateTime(text)?.toISOString()).toBe(moment);
});

it.each([
  ['an hour without a zone, which depends on the machine', '2026-12-01T09:30'],
  ['a space instead of a T', '2026-12-01 10:00Z'],
  ['words before it', 'on 2026-12-01'],
  ['words behind it', '2026-12-01 (noon)'],
  ['a fraction of more than a millisecond', '2026-12-01T09:30:15.1234Z'],
  ['a month that does not exist', '2026-13-01'],
  ['a day that does not exist', '2026-02-30'],
  ['the 29th of February in another year', '2026-02-29T09:30Z'],
  ['an hour that does not exist', '2026-12-01T25:00Z'],
  ['another order', '01-12-2026'],
  ['nothing', ''],
])('no moment: %s', (_, text) => {
  expect(parseIsoDateTime(text)).toBeNull();
});
