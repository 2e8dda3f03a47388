import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { DomainError } from '../errors.js';

/** What is wrong with one field. */
export interface FieldError {
  path: string;
  message: string;
}

/** More than these help nobody, and an answer must not be longer than the request. */
const maxErrors = 20;
const maxErrorsInDetail = 3;
const maxPathLength = 100;

/** Checks bodies and queries against their DTO; unknown fields are refused. Errors: `request.invalid`. */
export function validation(): ValidationPipe {
  return new RequestValidation({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => flatten(error, ''))),
  });
}

/** A route that asks for a body gets one, and the transformation sees only fields of the DTO: its cost grows with their square. */
class RequestValidation extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (value === undefined || value === null))
      throw invalid([{ path: 'body', message: 'Send the fields as a JSON object or as a form' }]);
    if (metadata.metatype !== undefined) refuseUnknownFields(value, fieldsOf(metadata.metatype));
    return super.transform(value, metadata);
  }
}

const fieldNames = new WeakMap<object, ReadonlySet<string>>();

/** The names of a DTO's fields; none for what is no DTO. */
function fieldsOf(dto: NonNullable<ArgumentMetadata['metatype']>): ReadonlySet<string> {
  const known = fieldNames.get(dto);
  if (known !== undefined) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  fieldNames.set(dto, names);
  return names;
}

function refuseUnknownFields(value: unknown, fields: ReadonlySet<string>): void {
  if (fields.size === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const unknown = Object.keys(value).filter((name) => !fields.has(name));
  if (unknown.length === 0) return;
  throw invalid(
    unknown.map((name) => ({ path: name, message: `property ${shortened(name)} should not exist` })),
  );
}

/** A `request.invalid` error that names what is wrong where, the first {@link maxErrors} of it. */
export function invalid(errors: FieldError[]): DomainError {
  const told = errors.slice(0, maxErrors).map(({ path, message }) => ({ path: shortened(path), message }));
  const said = told.slice(0, maxErrorsInDetail).map(({ message }) => message);
  const more = errors.length - said.length;
  const detail = `${said.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return new DomainError('request.invalid', { detail, errors: told });
}

function shortened(path: string): string {
  return path.length > maxPathLength ? `${path.slice(0, maxPathLength)}…` : path;
}

function flatten(error: ValidationError, parent: string): FieldError[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}
