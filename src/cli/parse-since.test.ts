import { expect, it } from 'vitest';
import { parseSince } from './parse-since.js';

const now = new Date('2026-11-10T12:00:00.000Z');

it.each([
  ['90m', '2026-11-10T10:30:00.000Z'],
  ['12h', '2026-11-10T00:00:00.000Z'],
  ['3d', '2026-11-07T12:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z'],
])('%s is %s', (text, moment) => {
  expect(parseSince(text, now).toISOString()).toBe(moment);
});

it.each(['', '3', 'd', '3w', '-3d', '2026-13-01', '2027-01-01', 'yesterday'])('“%s” is refused', (text) => {
  expect(() => parseSince(text, now)).toThrow('Use a time in the past');
});
