import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '../errors.js';

/** Checks bodies and queries against their DTO; unknown fields are refused. Errors: `request.invalid` with every path. */
export function validation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => flatten(error, ''))),
  });
}

/** A `request.invalid` error that names what is wrong where. */
export function invalid(errors: { path: string; message: string }[]): DomainError {
  const detail = errors.map(({ message }) => message).join('; ');
  return new DomainError('request.invalid', { detail, errors });
}

function flatten(error: ValidationError, parent: string): { path: string; message: string }[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}
