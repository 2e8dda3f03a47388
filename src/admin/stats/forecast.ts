import type { ForecastDto, ForecastWeekDto } from './stats.dto.js';

/** From so many weeks on, there is a forecast. */
export const minWeeks = 8;
/** 91 days. */
const weeksAhead = 13;
const [low, middle, high] = [0.1, 0.5, 0.9] as const;

/** How many unused days are expected, before anybody says what they are worth. */
export interface DaysForecast extends Omit<ForecastDto, 'weeks'> {
  weeks: Omit<ForecastWeekDto, 'worth'>[];
}

/**
 * How many days of credit will be unused in the next 13 weeks, from how many there were at the end
 * of each past week, the oldest first. A week changes them by what an ordinary week of the past
 * did, the median. Of ten weeks, one changed them less than the 0.1 quantile and one more than the
 * 0.9 quantile; over several weeks, which do not follow each other's luck, this distance grows with
 * the square root of their number. Null with less than {@link minWeeks} weeks.
 */
export function forecastUnusedDays(past: readonly number[]): DaysForecast | null {
  // before the first credit there was nothing to learn from
  const known = past.slice(
    Math.max(
      0,
      past.findIndex((days) => days > 0),
    ),
  );
  const changes = known.slice(1).map((days, index) => days - (known[index] ?? 0));
  const present = known.at(-1);
  if (present === undefined || changes.length < minWeeks) return null;
  changes.sort((one, other) => one - other);
  const usual = quantile(changes, middle);
  const [less, more] = [usual - quantile(changes, low), quantile(changes, high) - usual];
  const weeks = Array.from({ length: weeksAhead }, (_, index) => {
    const expected = present + (index + 1) * usual;
    const spread = Math.sqrt(index + 1);
    return {
      week: index + 1,
      days: Math.max(0, expected),
      low: Math.max(0, expected - spread * less),
      high: Math.max(0, expected + spread * more),
    };
  });
  return { past: [...known], weeks, weeklyChange: usual };
}

/** The quantile of sorted values, between two of them where it lies between. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const [below = NaN, above = below] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  return below + (above - below) * (position - Math.floor(position));
}
