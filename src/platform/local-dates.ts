import { dayMs } from './durations.js';

/** A day of a calendar, such as `2026-11-01`, whatever the time zone. */
export type LocalDate = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date that a moment has in a time zone. Errors: RangeError for no time zone. */
export function localDateOf(moment: Date, timeZone: string): LocalDate {
  return localTime(moment, timeZone).toISOString().slice(0, 10);
}

/**
 * When a date begins in a time zone: at midnight, or later where the clocks skip it. Errors:
 * RangeError for no time zone.
 */
export function startOfLocalDate(date: LocalDate, timeZone: string): Date {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // the offsets of the day before and the day after: one of them holds at midnight
  const candidates = [-dayMs, dayMs].map((away) => midnight - offsetMs(new Date(midnight + away), timeZone));
  const first = candidates
    .sort((one, other) => one - other)
    .find((moment) => localDateOf(new Date(moment), timeZone) === date);
  return new Date(first ?? midnight);
}

/** A date so many days later, or earlier. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** How many days lie between two dates. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

function offsetMs(moment: Date, timeZone: string): number {
  return localTime(moment, timeZone).getTime() - Math.floor(moment.getTime() / 1000) * 1000;
}

/** What the clocks of a time zone show, as if it were UTC; in whole seconds. */
function localTime(moment: Date, timeZone: string): Date {
  const part = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const date = { year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'gregory' } as const;
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en', { ...date, ...time, timeZone });
  formats.set(timeZone, format);
  return format;
}
