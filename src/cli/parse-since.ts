import { InvalidArgumentError } from 'commander';
import { dayMs, hourMs, minuteMs } from '../platform/durations.js';
import { parsePastDate } from './parse-past-date.js';

const unitMs: Record<string, number> = { m: minuteMs, h: hourMs, d: dayMs };

/** A moment in the past as ISO 8601 writes it, or how long ago: `90m`, `12h`, `3d`. */
export function parseSince(text: string, now: Date): Date {
  const [, amount, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const moment =
    amount === undefined
      ? parsePastDate(text, now)
      : new Date(now.getTime() - Number(amount) * (unitMs[unit] ?? 0));
  if (moment !== null) return moment;
  throw new InvalidArgumentError(
    'Use a time in the past, such as 2026-11-01T12:00:00Z, or how long ago: 90m, 12h, 3d.',
  );
}
