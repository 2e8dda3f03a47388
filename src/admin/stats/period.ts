import { minuteMs } from '../../platform/durations.js';
import { invalidRequest } from '../../platform/http/validation.js';
import { parseIsoDateTime } from '../../platform/iso-date-time.js';
import {
  addDays,
  daysBetween,
  localDateOf,
  startOfLocalDate,
  type LocalDate,
} from '../../platform/local-dates.js';

/** How wide the steps of a series are. Weeks begin on Monday. */
export const bucketSizes = ['day', 'week', 'month'] as const;
/** One of {@link bucketSizes}. */
export type BucketSize = (typeof bucketSizes)[number];

/** From when until before when, in which steps, and whose days these are. */
export interface Period {
  from: Date;
  to: Date;
  bucket: BucketSize;
  timeZone: string;
}

/** What was asked for; the time zone is a known one. */
export interface PeriodRequest {
  from?: string | undefined;
  to?: string | undefined;
  bucket?: BucketSize | undefined;
  timeZone?: string | undefined;
}

/** Periods that a page offers by a link: so many days, today included. */
export const presetDays = [7, 30, 90, 365] as const;
/** The steps of a preset: at most some fifty. */
export function bucketOfPreset(days: number): BucketSize {
  return days <= 30 ? 'day' : days <= 90 ? 'week' : 'month';
}

const defaultDays = 30;
const maxBuckets = 400;
const quarterMs = 15 * minuteMs;
const earliest = new Date('2000-01-01T00:00:00Z');
const latest = new Date('2200-01-01T00:00:00Z');

/**
 * The period that was asked for: ISO 8601, a date alone being when it begins in the time zone (UTC
 * where none is given), a moment the quarter of an hour that it lies in. Missing: until the end of
 * today, for 30 days.
 * Errors: `request.invalid` for what is no moment, runs backwards, or has more than 400 steps.
 */
export function parsePeriod(asked: PeriodRequest, now: Date): Period {
  const timeZone = asked.timeZone ?? 'UTC';
  const to =
    parseMoment('to', asked.to, timeZone) ??
    startOfLocalDate(addDays(localDateOf(now, timeZone), 1), timeZone);
  const from =
    parseMoment('from', asked.from, timeZone) ??
    startOfLocalDate(addDays(localDateOf(to, timeZone), -defaultDays), timeZone);
  const period = { from, to, bucket: asked.bucket ?? 'day', timeZone };
  if (from >= to) throw invalidRequest([{ path: 'from', message: 'from must be before to' }]);
  const days = daysBetween(localDateOf(from, timeZone), addDays(lastDate(period), 1));
  if (days / minDaysPerBucket[period.bucket] > maxBuckets)
    throw invalidRequest([
      { path: 'bucket', message: `at most ${maxBuckets} steps: choose larger steps or a shorter period` },
    ]);
  return period;
}

const minDaysPerBucket: Record<BucketSize, number> = { day: 1, week: 7, month: 28 };

/** The last date that a period has a part of. */
export function lastDate({ to, timeZone }: Pick<Period, 'to' | 'timeZone'>): LocalDate {
  return localDateOf(new Date(to.getTime() - 1), timeZone);
}

/** The dates on which the steps of a period begin; the first may lie before it. */
export function bucketDates(period: Period): LocalDate[] {
  const { bucket } = period;
  const last = lastDate(period);
  const dates: LocalDate[] = [];
  let date = bucketOf(localDateOf(period.from, period.timeZone), bucket);
  for (; date <= last; date = nextBucket(date, bucket)) dates.push(date);
  return dates;
}

/**
 * A step of a period. It begins at `at`; its part of the period is from `since` until before
 * `until`.
 */
export interface Step {
  date: LocalDate;
  at: Date;
  since: Date;
  until: Date;
}

/** The steps of a period, the oldest first. */
export function stepsOf(period: Period): Step[] {
  return toSteps(bucketDates(period), period);
}

/** The period of as many days that ends where this one begins. */
export function periodBefore({ from, to, bucket, timeZone }: Period): Period {
  const first = localDateOf(from, timeZone);
  const days = daysBetween(first, localDateOf(to, timeZone));
  const isOfWholeDays = [from, to].every(
    (moment) => startOfLocalDate(localDateOf(moment, timeZone), timeZone).getTime() === moment.getTime(),
  );
  const before = isOfWholeDays
    ? startOfLocalDate(addDays(first, -days), timeZone)
    : new Date(from.getTime() - (to.getTime() - from.getTime()));
  return { from: before, to: from, bucket, timeZone };
}

/** The twelve months of which the last one is that of the period's end, up to that. */
export function lastTwelveMonths({ to, timeZone }: Period): Step[] {
  const [year = 0, month = 1] = lastDate({ to, timeZone }).split('-').map(Number);
  const dates = Array.from({ length: 12 }, (_, index) =>
    new Date(Date.UTC(year, month - 12 + index, 1)).toISOString().slice(0, 10),
  );
  return toSteps(dates, { to, timeZone });
}

/**
 * Steps that begin on these dates; the first one is cut where the period begins, the last one where
 * it ends.
 */
function toSteps(
  dates: readonly LocalDate[],
  { from, to, timeZone }: Pick<Period, 'to' | 'timeZone'> & { from?: Date },
): Step[] {
  const starts = dates.map((date) => startOfLocalDate(date, timeZone));
  return dates.map((date, index) => {
    const at = starts[index] ?? to;
    return { date, at, since: from !== undefined && from > at ? from : at, until: starts[index + 1] ?? to };
  });
}

/** The date on which the step of a date begins. */
function bucketOf(date: LocalDate, bucket: BucketSize): LocalDate {
  if (bucket === 'month') return `${date.slice(0, 7)}-01`;
  const sinceMonday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return bucket === 'week' ? addDays(date, -sinceMonday) : date;
}

function nextBucket(date: LocalDate, bucket: BucketSize): LocalDate {
  if (bucket === 'month') return `${addDays(date, 31).slice(0, 7)}-01`;
  return addDays(date, bucket === 'week' ? 7 : 1);
}

function parseMoment(path: string, text: string | undefined, timeZone: string): Date | null {
  if (text === undefined || text === '') return null;
  const parsed = parseIsoDateTime(text);
  if (parsed === null || parsed < earliest || parsed >= latest)
    throw invalidRequest([
      { path, message: `${path} must be a date such as 2026-11-01, or a date and time with a time zone` },
    ]);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfLocalDate(text, timeZone);
  return new Date(Math.floor(parsed.getTime() / quarterMs) * quarterMs);
}
