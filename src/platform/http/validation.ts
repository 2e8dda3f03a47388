import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { getMetadataStorage, ValidateBy } from 'class-validator';
import { DomainError, sayText, type ErrorText } from '../errors.js';
import { fallbackLocale, getTranslator, type MessageValues } from '../i18n/translations.js';

/** What is wrong with one field. */
export interface FieldError {
  path: string;
  message: string;
}

/** More than these do not help, and an answer must not be longer than the request. */
const maxErrors = 20;
const maxErrorsInDetail = 3;
const maxPathLength = 100;

/**
 * Checks bodies and queries against their DTO; unknown fields are refused. Errors:
 * `request.invalid`.
 */
export function validationPipe(): ValidationPipe {
  return new RequestValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => flattenErrors(error, ''))),
  });
}

/** Marks the DTO of a body that may be missing: then every field is. */
export const OPTIONAL_BODY = Symbol('optional body');

/**
 * A route that asks for a body gets one, unless its DTO has {@link OPTIONAL_BODY}, and the
 * transformation sees only fields of the DTO: its cost grows with their square.
 */
class RequestValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isMissing = metadata.type === 'body' && (value === undefined || value === null);
    if (isMissing && metadata.metatype !== undefined && OPTIONAL_BODY in metadata.metatype)
      return super.transform({}, metadata);
    if (isMissing)
      throw invalidRequest([{ path: 'body', message: 'Send the fields as a JSON object or as a form' }]);
    if (metadata.metatype !== undefined) rejectUnknownFields(value, dtoFields(metadata.metatype));
    return super.transform(value, metadata);
  }
}

const fieldsByDto = new WeakMap<object, ReadonlySet<string>>();

/** The names of a DTO's fields; none for what is no DTO. */
function dtoFields(dto: NonNullable<ArgumentMetadata['metatype']>): ReadonlySet<string> {
  const known = fieldsByDto.get(dto);
  if (known !== undefined) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  fieldsByDto.set(dto, names);
  return names;
}

function rejectUnknownFields(value: unknown, fields: ReadonlySet<string>): void {
  if (fields.size === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const unknown = Object.keys(value).filter((name) => !fields.has(name));
  if (unknown.length === 0) return;
  throw invalidRequest(
    unknown.map((name) => ({ path: name, message: `property ${truncatePath(name)} should not exist` })),
  );
}

/** A `request.invalid` error that names what is wrong where, the first {@link maxErrors} of it. */
export function invalidRequest(errors: FieldError[]): DomainError {
  const listed = errors
    .slice(0, maxErrors)
    .map(({ path, message }) => ({ path: truncatePath(path), message }));
  const messages = listed.slice(0, maxErrorsInDetail).map(({ message }) => message);
  const more = errors.length - messages.length;
  const detail = `${messages.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return new DomainError('request.invalid', { detail, errors: listed });
}

/** A `request.invalid` error about one field of a form; `key` is the sentence that people read. */
export function invalidField(path: string, key: string, values: MessageValues = {}): DomainError {
  return invalidFields([{ path, text: { key, values } }]);
}

/** The same about several fields. */
export function invalidFields(fields: { path: string; text: ErrorText }[]): DomainError {
  const english = getTranslator(fallbackLocale);
  return new DomainError('request.invalid', {
    text: fields.map(({ text }) => text),
    errors: fields.map(({ path, text }) => ({ path, message: sayText(english, text) })),
  });
}

function truncatePath(path: string): string {
  return path.length > maxPathLength ? `${path.slice(0, maxPathLength)}…` : path;
}

function flattenErrors(error: ValidationError, parent: string): FieldError[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flattenErrors(child, path))];
}

/**
 * Whether `text` can be stored and shown: PostgreSQL takes no NUL, and half a surrogate pair is no
 * character.
 */
export function isPlainText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** A field whose text is {@link isPlainText}. */
export function PlainText(): PropertyDecorator {
  return ValidateBy({
    name: 'plainText',
    validator: {
      validate: (value) => typeof value === 'string' && isPlainText(value),
      defaultMessage: (context) => `${context?.property ?? 'text'} holds characters that cannot be stored`,
    },
  });
}
