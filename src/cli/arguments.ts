import { InvalidArgumentError } from 'commander';
import { dayMs, hourMs, minuteMs } from '../platform/durations.js';
import { isId } from '../platform/ids.js';
import { parseIsoDateTime } from '../platform/iso-date-time.js';
import { parseOrigin } from '../platform/origin.js';
import { parseKeyName, scopes, type Scope } from '../platform/security/api-key.js';

const maxReasonLength = 500;

/** Whole days from 1 to 3,650. */
export function days(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 3650) return value;
  throw new InvalidArgumentError('Days must be a whole number from 1 to 3650.');
}

/**
 * The words that explain a decision: at least one, at most 500 characters, without control
 * characters.
 */
export function reason(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= maxReasonLength && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw new InvalidArgumentError('A reason must have 1 to 500 characters on one line.');
}

/** A key of 1 to 255 visible ASCII characters. */
export function idempotencyKey(text: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw new InvalidArgumentError('A key must have 1 to 255 visible ASCII characters.');
}

/** One of our ids. */
export function id(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError('That is not an id (a UUID).');
}

/** How many lines of a list: 1 to 1,000. */
export function listLimit(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('A limit must be a whole number from 1 to 1000.');
}

/** A whole number, to which the rules of what it counts apply later. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('That is not a whole number.');
}

/** The weight of a fraud rule: 0 to 100. */
export function weight(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('A weight must be a whole number from 0 to 100.');
}

/** A day as ISO 8601 writes it, such as `2026-01-31`. */
export function day(text: string): string {
  if (/^[12]\d{3}-\d\d-\d\d$/.test(text) && parseIsoDateTime(text) !== null) return text;
  throw new InvalidArgumentError('A day must be written like 2026-01-31.');
}

/** The number of a version of the terms. */
export function termsVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A version must be a number such as 2.');
}

/** What an API key is for: 1 to 100 characters. */
export function keyName(text: string): string {
  const name = parseKeyName(text);
  if (name !== null) return name;
  throw new InvalidArgumentError('A name must have 1 to 100 characters.');
}

/** One more scope of an API key. */
export function scope(text: string, previous: Scope[] = []): Scope[] {
  const known = scopes.find((own) => own === text);
  if (known !== undefined) return [...previous, known];
  throw new InvalidArgumentError(`A scope is one of ${scopes.join(', ')}.`);
}

/** One more web origin, such as `https://app.example`. */
export function origin(text: string, previous: string[]): string[] {
  const parsed = parseOrigin(text);
  if (parsed !== null) return [...previous, parsed];
  throw new InvalidArgumentError('An origin is a scheme and a host, such as https://app.example.');
}

/** Requests a minute: 1 to 1,000,000. */
export function requestsPerMinute(text: string): number {
  const value = Number(text);
  if (/^\d{1,7}$/.test(text) && value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('A limit must be a whole number from 1 to 1000000.');
}

/** Whole hours from 0 to 720. */
export function overlapHours(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value <= 720) return value;
  throw new InvalidArgumentError('An overlap must be a whole number of hours from 0 to 720.');
}

const unitMs: Record<string, number> = { m: minuteMs, h: hourMs, d: dayMs };

/** A moment in the past as ISO 8601 writes it, or how long ago: `90m`, `12h`, `3d`. */
export function since(text: string, now: Date): Date {
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

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;
const firstYear = 1970;

/**
 * A date or moment as ISO 8601 writes it; UTC where it names no zone. Null for anything else, for a
 * day that does not exist, and for what lies after `now`.
 */
export function parsePastDate(text: string, now: Date): Date | null {
  const [, year = '', month = '', day = '', time = '00:00', zone = 'Z'] = isoPattern.exec(text) ?? [];
  if (Number(year) < firstYear || !isCalendarDay(Number(year), Number(month), Number(day))) return null;
  const moment = new Date(`${year}-${month}-${day}T${time}${zone}`);
  return Number.isNaN(moment.getTime()) || moment > now ? null : moment;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
