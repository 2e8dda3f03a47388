import { addMs, dayMs } from '../../platform/durations.js';
import { parsePastDate } from '../arguments.js';

/** Days as spreadsheets count them: 45292 is 2024-01-01. Others are too early, or too late. */
const serialPattern = /^[2-7]\d{4}(\.\d+)?$/;
const serialOrigin = new Date('1899-12-30T00:00:00Z');
const localPattern =
  /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*(AM|PM))?)?$/i;
const utcSuffix = / ?UTC$/i;

/**
 * A date or moment as tools and spreadsheets write it: ISO 8601, days as a spreadsheet counts them,
 * 31.01.2024, or with slashes, as long as one number can only be the day. UTC where it names no
 * zone. Null for anything else, and for what lies after `now`.
 */
export function parseFileDate(text: string, now: Date): Date | null {
  if (serialPattern.test(text)) {
    const moment = addMs(serialOrigin, Math.round(Number(text) * 86_400) * (dayMs / 86_400));
    return moment > now ? null : moment;
  }
  const local = localPattern.exec(text);
  return parsePastDate(local === null ? text.replace(utcSuffix, 'Z') : (toIso(local) ?? ''), now);
}

/** Null where the day could be the month. */
function toIso(match: RegExpExecArray): string | null {
  const [, first = '', separator, second = '', year = '', hour = '0', minute = '00', seconds = '00'] = match;
  const isDayFirst = separator === '.' || Number(first) > 12;
  if (!isDayFirst && Number(second) <= 12 && first !== second) return null;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  const half = match[8]?.toUpperCase();
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return `${year}-${pad(month)}-${pad(day)}T${pad(String(hours))}:${minute}:${seconds}Z`;
}

function pad(text: string): string {
  return text.padStart(2, '0');
}
