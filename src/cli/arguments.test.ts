import { describe, expect, it } from 'vitest';
import { parsePastDate, since } from './arguments.js';

describe('a date', () => {
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
});

describe('since when', () => {
  const now = new Date('2026-11-10T12:00:00.000Z');

  it.each([
    ['90m', '2026-11-10T10:30:00.000Z'],
    ['12h', '2026-11-10T00:00:00.000Z'],
    ['3d', '2026-11-07T12:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(since(text, now).toISOString()).toBe(moment);
  });

  it.each(['', '3', 'd', '3w', '-3d', '2026-13-01', '2027-01-01', 'yesterday'])('“%s” is refused', (text) => {
    expect(() => since(text, now)).toThrow('Use a time in the past');
  });
});
