import { expect, it } from 'vitest';
import { addMs, dayMs, daysUntil, floorToDays } from './durations.js';

const now = new Date('2026-10-25T00:00:00.000Z');
const at = (ms: number) => addMs(now, ms);

it('a day has 24 hours, also where clocks change', () => {
  expect(dayMs).toBe(86_400_000);
  expect(addMs(now, dayMs)).toEqual(new Date('2026-10-26T00:00:00.000Z'));
  expect(addMs(now, -1)).toEqual(new Date('2026-10-24T23:59:59.999Z'));
});

it.each([
  [null, 0],
  [at(-1), 0],
  [at(0), 0],
  [at(1), 1],
  [at(dayMs), 1],
  [at(dayMs + 1), 2],
])('a begun day counts as a whole one: until %s they are %i', (moment, days) => {
  expect(daysUntil(moment, now)).toBe(days);
});

it.each([
  [0, 0],
  [dayMs - 1, 0],
  [dayMs, dayMs],
  [3 * dayMs - 1, 2 * dayMs],
])('%i ms have %i ms of whole days', (ms, wholeDaysMs) => {
  expect(floorToDays(ms)).toBe(wholeDaysMs);
});
