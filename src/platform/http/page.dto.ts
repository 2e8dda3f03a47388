import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { invalidRequest } from './validation.js';

/** How much of a list to answer, and where to go on. */
export class PageQuery {
  /** How many items, 1 to 100. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  @ApiPropertyOptional({ type: 'integer' })
  limit: number = 25;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  cursor?: string;
}

/** What every page of a list says besides its items. */
export class PageDto {
  /** Where the next page starts, to send as `cursor`; null on the last. */
  nextCursor: string | null;
}

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/**
 * Makes a page of `rows`, which were read with a limit one greater than `limit`. `cursorKey` gives
 * where the next page starts.
 */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  cursorKey: (row: Row) => string,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(toItem),
    nextCursor: more ? Buffer.from(cursorKey(last)).toString('base64url') : null,
  };
}

/**
 * The key inside a cursor, or null without one. Errors: `request.invalid` when `pattern` or
 * `isValid` does not fit.
 */
export function decodeCursor(
  cursor: string | undefined,
  pattern: RegExp,
  isValid: (key: string) => boolean = () => true,
): string | null {
  if (cursor === undefined) return null;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!pattern.test(key) || !isValid(key))
    throw invalidRequest([{ path: 'cursor', message: 'cursor is not valid' }]);
  return key;
}

/** Makes a page of a list that is short enough to be read as a whole. Errors: `request.invalid`. */
export function paginate<T>(items: readonly T[], { limit, cursor }: PageQuery): Page<T> {
  const start = Number(decodeCursor(cursor, /^\d{1,9}$/) ?? 0);
  const next = start + limit;
  return {
    items: items.slice(start, next),
    nextCursor: next < items.length ? Buffer.from(String(next)).toString('base64url') : null,
  };
}
