import { expect, it } from 'vitest';
import { forecastUnusedDays, quantile } from './forecast.js';

const weeks = (count: number, daysOf: (week: number) => number) =>
  Array.from({ length: count }, (_, week) => daysOf(week));

it('a forecast goes on as an ordinary week did, without a band where all weeks were the same', () => {
  const forecast = forecastUnusedDays(weeks(10, (week) => 100 + 7 * week));
  expect(forecast?.weeks).toHaveLength(13);
  expect(forecast?.weeks[0]).toEqual({ week: 1, days: 170, low: 170, high: 170 });
  expect(forecast?.weeks[12]).toEqual({ week: 13, days: 254, low: 254, high: 254 });
});

it('the band is as wide as the weeks differed, and grows with the square root of the weeks', () => {
  // changes of -10 and +30 in turn: median 10, the 0.1 quantile -10, the 0.9 quantile 30
  const forecast = forecastUnusedDays(
    weeks(27, (week) => 1000 + 20 * Math.floor(week / 2) + (week % 2) * 30),
  );
  expect(forecast?.weeklyChange).toBe(10);
  expect(forecast?.weeks[0]).toMatchObject({ days: 1270, low: 1250, high: 1290 });
  expect(forecast?.weeks[3]).toMatchObject({ days: 1300, low: 1260, high: 1340 });
});

it('fewer than no days are never expected', () => {
  const forecast = forecastUnusedDays(weeks(10, (week) => 100 - 10 * week));
  expect(forecast?.weeks.at(-1)).toEqual({ week: 13, days: 0, low: 0, high: 0 });
});

it('a forecast begins with the first credit, and needs eight weeks', () => {
  const past = [0, 0, ...weeks(8, (week) => week + 1)];
  expect(forecastUnusedDays(past)).toBeNull();
  expect(forecastUnusedDays([...past, 9])?.past).toHaveLength(9);
  expect(forecastUnusedDays([])).toBeNull();
  expect(forecastUnusedDays(weeks(27, () => 0))?.weeks[0]).toMatchObject({ days: 0, high: 0 });
});

it('a quantile lies between two values where none has its place', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
});
