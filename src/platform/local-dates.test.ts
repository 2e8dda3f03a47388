import { expect, it } from 'vitest';
import { addDays, daysBetween, localDateOf, startOfLocalDate } from './local-dates.js';

it.each([
  ['2026-11-01', 'UTC', '2026-11-01T00:00:00Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
  ['2026-11-01', 'America/St_Johns', '2026-11-01T02:30:00Z'],
  ['2026-09-27', 'Pacific/Auckland', '2026-09-26T12:00:00Z'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'], // the clocks skip midnight
  ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00Z'], // midnight comes twice
])('%s in %s begins at %s', (date, timeZone, start) => {
  expect(startOfLocalDate(date, timeZone)).toEqual(new Date(start));
  expect(localDateOf(new Date(start), timeZone)).toBe(date);
  expect(localDateOf(new Date(Date.parse(start) - 1), timeZone)).toBe(addDays(date, -1));
});

it('days are counted by the calendar, not by hours', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
});

it('what is no time zone is refused', () =>
  expect(() => localDateOf(new Date(), 'Nowhere/Land')).toThrow(RangeError));
