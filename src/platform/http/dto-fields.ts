import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, ValidateIf } from 'class-validator';
import { parseIsoDateTime } from '../iso-date-time.js';

/** May be left out; null is refused, since it would say something else than nothing. */
export const MayBeMissing = () => ValidateIf((_, value) => value !== undefined);

/** A moment in ISO 8601, which the request gives as text and the route gets as Date. */
export const IsDateTime = (name: string, more: { required?: boolean; nullable?: boolean } = {}) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? parseIsoDateTime(value) : value,
    ),
    IsDate({ message: `${name} is a date and time with a time zone, such as 2026-11-01T12:00:00Z` }),
    ApiProperty({ type: 'string', format: 'date-time', ...more }),
  );
