import { dayMs } from '../../platform/durations.js';
import { invalidRequest } from '../../platform/http/validation.js';
import { parseIsoDateTime } from '../../platform/iso-date-time.js';

/** How wide the steps of a series are. Weeks begin on Monday. */
export const bucketSizes = ['day', 'week', 'month'] as const;
/** One of {@link bucketSizes}. */
export type BucketSize = (typeof bucketSizes)[number];

/** From when until before when, in UTC, and in which steps. */
export interface Period {
  from: Date;
  to: Date;
  bucket: BucketSize;
}

const defaultDays = 30;
const maxBuckets = 400;
const earliest = new Date('2000-01-01T00:00:00Z');
const latest = new Date('2200-01-01T00:00:00Z');

/**
 * The period that was asked for: ISO 8601, a date alone being midnight in UTC. Missing: until the
 * end of today, for 30 days.
 * Errors: `request.invalid` for what is no moment, runs backwards, or has more than 400 steps.
 */
export function parsePeriod(
  asked: { from?: string | undefined; to?: string | undefined; bucket?: BucketSize | undefined },
  now: Date,
): Period {
  const today = startOf(now, 'day');
  const to = parseDateTime('to', asked.to) ?? new Date(today.getTime() + dayMs);
  const from =
    parseDateTime('from', asked.from) ?? new Date(startOf(to, 'day').getTime() - defaultDays * dayMs);
  const period = { from, to, bucket: asked.bucket ?? 'day' };
  if (from >= to) throw invalidRequest([{ path: 'from', message: 'from must be before to' }]);
  const steps = (to.getTime() - from.getTime()) / (minDaysPerBucket[period.bucket] * dayMs);
  if (steps > maxBuckets)
    throw invalidRequest([
      { path: 'bucket', message: `at most ${maxBuckets} steps: choose larger steps or a shorter period` },
    ]);
  return period;
}

const minDaysPerBucket: Record<BucketSize, number> = { day: 1, week: 7, month: 28 };

/** The beginnings of all steps of a period, the first of which may lie before it. */
export function bucketStarts({ from, to, bucket }: Period): Date[] {
  const buckets: Date[] = [];
  for (let at = startOf(from, bucket); at < to; at = nextStart(at, bucket)) buckets.push(at);
  return buckets;
}

function startOf(moment: Date, bucket: BucketSize): Date {
  const [year, month, day] = [moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()];
  if (bucket === 'month') return new Date(Date.UTC(year, month, 1));
  const sinceMonday = bucket === 'week' ? (moment.getUTCDay() + 6) % 7 : 0;
  return new Date(Date.UTC(year, month, day - sinceMonday));
}

function nextStart(start: Date, bucket: BucketSize): Date {
  if (bucket === 'month') return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  return new Date(start.getTime() + (bucket === 'week' ? 7 : 1) * dayMs);
}

function parseDateTime(path: string, text: string | undefined): Date | null {
  if (text === undefined || text === '') return null;
  const moment = parseIsoDateTime(text);
  if (moment !== null && moment >= earliest && moment < latest) return moment;
  throw invalidRequest([
    { path, message: `${path} must be a date such as 2026-11-01, or a date and time with a time zone` },
  ]);
}
