import { InvalidArgumentError } from 'commander';
import { isId } from '../platform/ids.js';

const maxReasonLength = 500;

/** Whole days from 1 to 3,650. */
export function days(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 3650) return value;
  throw new InvalidArgumentError('Days must be a whole number from 1 to 3650.');
}

/** The words that explain a decision: at least one, at most 500 characters, without control characters. */
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
