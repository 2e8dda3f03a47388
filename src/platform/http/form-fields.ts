import { isId } from '../ids.js';
import { isPlainText, invalidRequest } from './validation.js';

/**
 * The fields of a posted form or a query, as they came: text, or a list where a name came twice.
 */
export type FormFields = Record<string, unknown>;

/** A field's text; empty when it is missing, came twice, or holds what cannot be stored. */
export function textField(fields: FormFields | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' && isPlainText(value) ? value : '';
}

/**
 * A code and its challenge, as a form carries them. Spaces around digits do not matter.
 * Errors: `request.invalid` for what cannot be a code, so that it costs no attempt.
 */
export function codeFields(
  fields: FormFields | undefined,
  challenge = 'challengeId',
  code = 'code',
): { challengeId: string; code: string } {
  const submitted = {
    challengeId: textField(fields, challenge),
    code: textField(fields, code).replaceAll(/\s/g, ''),
  };
  if (!isId(submitted.challengeId) || !/^\d{6}$/.test(submitted.code))
    throw invalidRequest([{ path: code, message: 'The code must have six digits.' }]);
  return submitted;
}
