import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidRequest } from '../../platform/http/validation.js';

/** The number of a version in a path; anything else names nothing. Errors: `request.not_found`. */
@Injectable()
export class VersionPipe implements PipeTransform<string, number> {
  /** As the description of the API shows it. */
  static readonly openApi = { type: 'integer', minimum: 1, description: 'The number of a version.' };

  transform(text: string): number {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new DomainError('request.not_found', { text: { key: 'console.problem.versionUnknown' } });
  }
}

/**
 * The version that an If-Match header names; null without one. Errors: `request.invalid` for one
 * that names none.
 */
export function versionFromIfMatch(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const [, version] = /^"?([1-9]\d{0,8})"?$/.exec(ifMatch.trim()) ?? [];
  if (version !== undefined) return Number(version);
  throw invalidRequest([
    { path: 'If-Match', message: 'If-Match must be the ETag of the list of terms, such as "3"' },
  ]);
}

/** The version that a field names; null where it names none. */
export function parseVersion(fields: FormFields, name: string): number | null {
  const text = textField(fields, name);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
